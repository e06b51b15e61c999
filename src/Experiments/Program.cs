using DiffusionLens.Runtime;
using Experiments.Cli;
using Experiments.Console;

NativeRuntime.TuneProcess();
using Interruption interruption = new();
return CommandLine.Run(args, Terminal.OfProcess(interruption.Token));
