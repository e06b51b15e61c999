using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DiffusionLens.Runtime;

/// <summary>The process of a test project is tuned as the tool's is: tests measure its memory, and go as fast.</summary>
internal static class TunedProcess
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "a test assembly has no other place that comes before every test")]
    internal static void Tune() => NativeRuntime.TuneProcess();
}
