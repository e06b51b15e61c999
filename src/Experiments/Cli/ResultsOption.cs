using System.CommandLine;
using Experiments.Runs;

namespace Experiments.Cli;

/// <summary>The option that names the folder of all results.</summary>
internal static class ResultsOption
{
    /// <summary>Makes the option.</summary>
    public static Option<string> Make() => new("--results")
    {
        Description = "The folder of all results.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => FiguresRun.DefaultResults,
    };
}
