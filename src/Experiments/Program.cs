using System.Runtime.CompilerServices;
using DiffusionLens.Runtime;
using Experiments.Cli;
using Experiments.Console;

// Nothing else may be loaded before: where it may open too few files, the runtime cannot open the rest.
return ProcessLimits.AreEnough() ? Start(args) : ExitCode.BadInput;

[MethodImpl(MethodImplOptions.NoInlining)]
static int Start(string[] arguments)
{
    NativeRuntime.TuneProcess();
    using Interruption interruption = new();
    return CommandLine.Run(arguments, Terminal.OfProcess(interruption.Token));
}

/// <summary>Said here, or the SDK of web servers makes it public.</summary>
internal sealed partial class Program;
