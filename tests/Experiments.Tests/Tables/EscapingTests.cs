using System.Text.RegularExpressions;
using Experiments.Tables;
using FsCheck.Xunit;

namespace Experiments.Tests.Tables;

public sealed class EscapingTests
{
    private const string Nasty = "a|b_c*d`e<b>f</b>[g](h)\\i&amp;$j${k}~l~#m%n\r\no^p\u0000q";

    [Fact]
    public void Markdown_shows_what_a_spec_says_as_it_stands() => Assert.Equal(
        "a\\|b\\_c\\*d\\`e\\<b\\>f\\</b\\>\\[g\\](h)\\\\i\\&amp;\\$j\\$\\{k\\}\\~l\\~#m%n o^p q", MarkdownText.Escape(Nasty));

    [Theory]
    [InlineData("- a", "\\- a")]
    [InlineData("# a", "\\# a")]
    [InlineData("  - a", "  \\- a")]
    [InlineData("a - b # c", "a - b # c")]
    [InlineData("1. a", "1\\. a")]
    [InlineData("12) a", "12\\) a")]
    [InlineData("1.5 a", "1.5 a")]
    [InlineData("R & D", "R & D")]
    public void Lists_and_headings_only_begin_at_the_beginning_of_a_paragraph(string text, string escaped)
    {
        Assert.Equal(escaped, MarkdownText.EscapeParagraph(text));
        Assert.Equal(text, MarkdownText.Escape(text));
        Assert.Equal(text, MarkdownText.Unescape(escaped));
    }

    [Theory]
    [InlineData("63.2 % [25.0, 100.0]", "63.2 % [25.0, 100.0]")]
    [InlineData("-3 [-5, -1]", "-3 [-5, -1]")]
    [InlineData("[1](x)", "\\[1\\](x)")]
    [InlineData("[1][x]", "\\[1\\]\\[x\\]")]
    [InlineData("[1]: x", "\\[1\\]: x")]
    [InlineData("[a]", "\\[a\\]")]
    [InlineData("[1", "\\[1")]
    [InlineData("1]", "1\\]")]
    public void An_interval_stands_as_it_is_and_what_could_be_a_link_does_not(string text, string escaped) =>
        Assert.Equal(escaped, MarkdownText.Escape(text));

    [Property]
    public bool What_was_escaped_can_be_read_back(string? text) =>
        text is null || text.Any(char.IsControl) || text.ReplaceLineEndings(" ") != text
        || (MarkdownText.Unescape(MarkdownText.Escape(text)) == text && MarkdownText.Unescape(MarkdownText.EscapeParagraph(text)) == text);

    [Fact]
    public void Latex_shows_what_a_spec_says_as_it_stands() => Assert.Equal(
        "a\\textbar{}b\\_c{*}d`e\\textless{}b\\textgreater{}f\\textless{}/b\\textgreater{}{[}g](h)\\textbackslash{}i\\&amp;\\$j\\$\\{k\\}"
        + "\\textasciitilde{}l\\textasciitilde{}\\#m\\%n o\\textasciicircum{}p q",
        LatexText.Escape(Nasty));

    [Fact]
    public void Nothing_of_a_cell_ends_its_row_or_takes_a_row_apart()
    {
        TableSheet sheet = new("t", Nasty, Nasty, ["Model", Nasty], [["a", Nasty], ["[b]", "*"]]);

        Assert.All(
            TableFiles.Markdown(sheet).Split('\n').Where(line => line.StartsWith('|')),
            line => Assert.Equal(3, Regex.Replace(line, @"\\.", "").Count(letter => letter == '|')));
        Assert.Contains("\n{[}b] & {*} \\\\\n", TableFiles.Latex(sheet), StringComparison.Ordinal);
    }
}
