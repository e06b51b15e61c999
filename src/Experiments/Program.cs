using DiffusionLens.Runtime;
using Experiments.Cli;
using Experiments.Console;

NativeRuntime.TuneProcess();
using Interruption interruption = new();
return CommandLine.Run(args, Terminal.OfProcess(interruption.Token));

/// <summary>Said here, or the SDK of web servers makes it public.</summary>
internal sealed partial class Program;
