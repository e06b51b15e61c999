using System.Runtime.CompilerServices;
using DiffusionLens.Runtime;
using Experiments.Cli;
using Experiments.Console;

namespace Experiments;

/// <summary>The program's start.</summary>
internal static class Program
{
    // Nothing else may be loaded before: where it may open too few files, the runtime cannot open the rest.
    public static int Main(string[] arguments) => ProcessLimits.AreEnough() ? Start(arguments) : ExitCode.BadInput;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Start(string[] arguments)
    {
        NativeRuntime.TuneProcess();
        using Interruption interruption = new();
        return CommandLine.Run(arguments, Terminal.OfProcess(interruption.Token));
    }
}
