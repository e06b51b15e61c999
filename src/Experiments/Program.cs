using Experiments.Cli;
using Experiments.Console;

using Interruption interruption = new();
return CommandLine.Run(args, Terminal.OfProcess(interruption.Token));
