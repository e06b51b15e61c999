using DiffusionLens.Runtime;
using Experiments.Cli;
using Experiments.Runs;

NativeRuntime.TuneProcess();
using Interruption interruption = new();
return CommandLine.Run(args, Terminal.OfProcess(interruption.Token));
