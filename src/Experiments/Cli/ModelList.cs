using System.CommandLine;
using DiffusionLens;
using Experiments.Models;

namespace Experiments.Cli;

/// <summary>The option of commands that take several models by name.</summary>
internal static class ModelList
{
    /// <param name="description">What it says in the help.</param>
    public static Option<string> Make(string description) => new("--model")
    {
        Description = description,
        HelpName = "NAMES",
        DefaultValueFactory = _ => ModelRequest.DefaultModel,
        CompletionSources = { Completions.Models },
    };

    /// <summary>Reads its value.</summary>
    /// <param name="text">What was given.</param>
    /// <returns>Each name once.</returns>
    /// <exception cref="BadInputException">A name is empty or there twice.</exception>
    public static IReadOnlyList<string> Of(string text)
    {
        string[] names = [.. text.Split(',').Select(name => name.Trim())];
        return names.Any(name => name.Length == 0) || names.Distinct().Count() < names.Length
            ? throw new BadInputException($"--model {text}: give each name once, such as paper-df,paper-sd")
            : names;
    }
}
