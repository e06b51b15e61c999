using Experiments.Figures;
using SkiaSharp;

namespace Experiments.Tests.Figures;

/// <summary>What these draw depends on the fonts of the machine: letters that no font has are the same on all.</summary>
public sealed class TypefacesTests
{
    // A private use character, and one that Unicode has not given a letter yet.
    private const string OfNoFont = "\uE9F3\U000E0FFD";

    [Fact]
    public void Latin_text_is_one_run_of_the_programs_own_typeface()
    {
        TextRun run = Assert.Single(Typefaces.Split("a red car – «rouge» ½", Typefaces.SemiBold));
        Assert.Equal(
            (Typefaces.SemiBold, "a red car – «rouge» ½", false, false), (run.Typeface, run.Text, run.IsOfMachine, run.IsFromRight));
    }

    [Fact]
    public void A_letter_that_no_font_has_is_a_question_mark_and_is_said_once()
    {
        Assert.Equal("a ?? b", string.Concat(Typefaces.Split($"a {OfNoFont} b", Typefaces.Regular).Select(run => run.Text)));
        using StringWriter error = new();

        TypefaceNote.Tell(["a car", OfNoFont, OfNoFont], error);

        Assert.StartsWith($"titles: no font here has {OfNoFont}, so '?' stands there;", error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public void Nothing_is_said_where_all_is_legible()
    {
        using StringWriter error = new();
        TypefaceNote.Tell(["a red car", "Ein grünes Auto\u200B", ""], error);
        Assert.Equal("", error.ToString());
    }

    [SkippableTheory]
    [InlineData("מכונית אדומה", true)]
    [InlineData("سيارة حمراء", true)]
    [InlineData("赤い車", false)]
    [InlineData("☃", false)]
    public void Letters_of_other_scripts_are_outlines_of_a_font_that_has_them(string text, bool fromRight)
    {
        Skip.If(Typefaces.Lacking([text]).Count > 0, "no font here has these letters");
        TextStyle style = new(Typefaces.Regular, 20, SKColors.Black);

        IReadOnlyList<TextRun> runs = Typefaces.Split(text, Typefaces.Regular);
        string svg = OutlinedSvg.Draw(200, 40, "x", canvas => style.Draw(canvas, text, 0, 30));

        Assert.Equal(text.Replace(" ", ""), string.Concat((fromRight ? runs.Reverse() : runs).Select(run => run.Text)).Replace(" ", ""));
        Assert.All(runs, run => Assert.Equal(fromRight, run.IsFromRight));
        Assert.DoesNotContain("<text", svg, StringComparison.Ordinal);
        Assert.Contains("<path", svg, StringComparison.Ordinal);
        Assert.InRange(style.Measure(text), 5, 200);
    }
}
