using System.CommandLine;

namespace Experiments.Cli;

/// <summary>Options that take one of some words.</summary>
internal static class WordOption
{
    /// <param name="name">The option's name.</param>
    /// <param name="description">What it says.</param>
    /// <param name="words">The words that it takes.</param>
    public static Option<string?> Of<T>(string name, string description, IReadOnlyDictionary<string, T> words)
    {
        Option<string?> option = new(name) { Description = description, HelpName = string.Join('|', words.Keys) };
        option.AcceptOnlyFromAmong([.. words.Keys]);
        return option;
    }

    /// <summary>What was asked for; null where it was not given.</summary>
    public static T? Value<T>(ParseResult parsed, Option<string?> option, IReadOnlyDictionary<string, T> words)
        where T : struct
        => parsed.GetValue(option) is { } word ? words[word] : null;
}
