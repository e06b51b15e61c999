using Experiments.Cli;
using Experiments.Runs;

using Interruption interruption = new();
return CommandLine.Run(args, Terminal.OfProcess(interruption.Token));
