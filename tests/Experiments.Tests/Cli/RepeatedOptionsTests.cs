using System.CommandLine;
using Experiments.Cli;

namespace Experiments.Tests.Cli;

public sealed class RepeatedOptionsTests
{
    [Fact]
    public void What_is_of_this_time_and_what_was_not_given_is_left_out() => Assert.Equal(
        ["--limit", "2", "--plain"],
        Of("--force", "--out", "somewhere", "--limit", "2", "--model", "a-model", "--plain"));

    [Fact]
    public void A_value_that_begins_with_a_dash_stays_a_value()
    {
        IReadOnlyList<string> repeated = Of("--source=--limit", "--limit", "2");

        Assert.Equal(["--source=--limit", "--limit", "2"], repeated);
        Assert.Equal(repeated, Of([.. repeated]));
    }

    private static IReadOnlyList<string> Of(params string[] words)
    {
        Command command = new("run")
        {
            new Option<string?>("--model"),
            new Option<string?>("--out"),
            new Option<string?>("--source"),
            new Option<int>("--limit") { DefaultValueFactory = _ => 7 },
            new Option<int>("--steps") { DefaultValueFactory = _ => 20 },
            new Option<bool>("--force"),
            new Option<bool>("--plain"),
        };
        ParseResult parsed = command.Parse(words);
        Assert.Empty(parsed.Errors);
        return RepeatedOptions.Of(parsed);
    }
}
