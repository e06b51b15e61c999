using System.Text;
using DiffusionLens;
using Experiments.Cli;

namespace Experiments.Tests.Cli;

public sealed class PromptLinesTests
{
    [Fact]
    public void Every_line_is_a_prompt_also_an_empty_one() =>
        Assert.Equal(["a red car", "", "  \"x\" "], Read("a red car\n\n  \"x\" \n", json: false));

    [Theory]
    [InlineData(@"""a red car""", "a red car")]
    [InlineData(@"  ""a\nb\u0000\""\\ é""  ", "a\nb\0\"\\ é")]
    [InlineData(@"""\ud83d\ude00""", "\U0001F600")]
    [InlineData(@"""\ud83d\ud83d\uDE00\uDe00x""", "\ufffd\U0001F600\ufffdx")] // halves of pairs
    [InlineData(@"""\\ud83d""", @"\ud83d")] // no escape, but a backslash and letters
    public void A_JSON_line_can_hold_any_text(string line, string prompt) => Assert.Equal([prompt], Read(line, json: true));

    [Theory]
    [InlineData("a red car")]
    [InlineData("\"a red car")]
    [InlineData("\"a\" \"b\"")]
    [InlineData("\"\\x\"")]
    [InlineData("[\"a\"]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("")]
    public void A_line_that_is_no_JSON_string_is_named(string line)
    {
        BadInputException refusal = Assert.Throws<BadInputException>(() => Read($"\"a\"\n{line}\n\"b\"", json: true).ToList());

        Assert.StartsWith("stdin:2: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_that_is_no_text_is_refused()
    {
        using StreamReader input = new(new MemoryStream([(byte)'a', 0xff]), new UTF8Encoding(false, throwOnInvalidBytes: true));

        BadInputException refusal = Assert.Throws<BadInputException>(() => PromptLines.Read(input, json: false).ToList());

        Assert.Equal("stdin: is not UTF-8 text; save the prompts as UTF-8", refusal.Message);
    }

    [Fact]
    public void Input_that_cannot_be_read_is_refused()
    {
        using UnreadableInput input = new();

        BadInputException refusal = Assert.Throws<BadInputException>(() => PromptLines.Read(input, json: false).ToList());

        Assert.Equal("stdin: cannot be read (Is a directory); give prompts, one a line", refusal.Message);
    }

    [Fact]
    public void Lines_before_a_bad_one_are_read()
    {
        using IEnumerator<string> prompts = Read("\"a\"\nb", json: true).GetEnumerator();

        Assert.True(prompts.MoveNext());
        Assert.Equal("a", prompts.Current);
        Assert.Throws<BadInputException>(() => prompts.MoveNext());
    }

    private static IEnumerable<string> Read(string lines, bool json) => PromptLines.Read(new StringReader(lines), json);

    private sealed class UnreadableInput : TextReader
    {
        public override string ReadLine() => throw new IOException("Is a directory");
    }
}
