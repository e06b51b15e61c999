using System.CommandLine.Parsing;

namespace Experiments.Cli;

/// <summary>An option as it was given, for a command line that says the same.</summary>
internal static class OptionWords
{
    /// <summary>The option and its values, word by word; what begins with a dash would be taken for another option.</summary>
    /// <param name="value">What a value becomes.</param>
    public static IEnumerable<string> Of(OptionResult given, Func<string, string> value) => given.Tokens.Count == 0
        ? [given.Option.Name]
        : given.Tokens.Select(token => value(token.Value)).SelectMany(word => word.StartsWith('-')
            ? new[] { $"{given.Option.Name}={word}" }
            : [given.Option.Name, word]);
}
