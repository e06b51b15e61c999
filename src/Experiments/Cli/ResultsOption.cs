using System.CommandLine;
using Experiments.Results;

namespace Experiments.Cli;

/// <summary>The option that names the folder of all results.</summary>
internal static class ResultsOption
{
    public static Option<string> Make() => new("--results")
    {
        Description = "The folder of all results.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => ResultsRoot.Default.Path,
    };
}
