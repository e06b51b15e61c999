using DiffusionLens.Runtime;
using Experiments.Cli;
using Experiments.Console;

namespace Experiments;

/// <summary>The program's start.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        NativeRuntime.TuneProcess();
        using Interruption interruption = new();
        return CommandLine.Run(arguments, Terminal.OfProcess(interruption.Token));
    }
}
