using System.CommandLine;
using System.CommandLine.Parsing;
using Experiments.Runs;

namespace Experiments.Cli;

/// <summary>
/// What was asked for on a command line, as a report says it to somebody who wants the same: every option that was given, but for those
/// that say on which model, which part of the work is done now and where results are kept.
/// </summary>
internal static class RepeatedOptions
{
    private static readonly string[] OfThisTime =
    [
        "--model", "--out", "--results", "--only", "--force", "--dry-run", "--shard", "--mixed", "--release", "--profile",
    ];

    /// <summary>The options and their values, word by word.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed) =>
    [
        .. from option in parsed.CommandResult.Children.OfType<OptionResult>()
           where !option.Implicit && !OfThisTime.Contains(option.Option.Name)
           from word in OptionWords.Of(option, RepeatCommand.WithoutPath)
           select word,
    ];
}
