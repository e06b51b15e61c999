using DiffusionLens;
using DiffusionLens.Tokenizers;
using Experiments.Models;

namespace Experiments.Tests.Models;

public sealed class PromptReadingTests
{
    private static readonly string Clip = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");
    private static readonly string T5 = Path.Combine(AppContext.BaseDirectory, "reference", "if", "stage_I");

    [Fact]
    public void A_prompt_that_is_read_whole_and_alike_needs_no_words()
    {
        PromptNote note = Of(Clip).Note("a red car");

        Assert.Equal(("", false), (note.CutOff, note.IsCleaned));
        Assert.Empty(note.Lines);
    }

    [Fact]
    public void A_long_prompt_says_from_where_on_it_is_cut_off()
    {
        string prompt = string.Concat(Enumerable.Repeat("red ", 75)) + "and a CAR";

        foreach (string model in new[] { Clip, T5 })
        {
            PromptNote note = Of(model).Note(prompt);
            Assert.EndsWith(" car", note.CutOff, StringComparison.Ordinal);
            string line = Assert.Single(note.Lines);
            Assert.Contains($"is cut off from \"{note.CutOff}\" on: ", line, StringComparison.Ordinal);
        }

        Assert.Equal("and a car", Of(Clip).Note(prompt).CutOff);
        Assert.Equal("", Of(Clip).Note(prompt[..^10]).CutOff);
    }

    [Fact]
    public void Encoders_that_cut_it_off_at_different_places_are_named()
    {
        PromptReading reading = new([ClipTokenizer.Embedded(length: 4), ClipTokenizer.Embedded(length: 77)], ["short", "long"], default);

        Assert.Equal("short: car", reading.Note("a red car").CutOff);
        Assert.Equal(["\"a red car\" is cut off for short from \"car\" on: 2 of its 3 tokens are read"], reading.Note("a red car").Lines);
    }

    [Fact]
    public void A_prompt_that_ftfy_would_mend_is_named_and_one_that_it_mends_too()
    {
        PromptNote named = Of(Clip).Note("it’s red"), mended = Of(Clip, TextCleaning.Ftfy).Note("it’s red");

        Assert.False(named.IsCleaned);
        Assert.Contains(
            "with ftfy reads \"it's red\" here; --clean-text ftfy does too", Assert.Single(named.Lines), StringComparison.Ordinal);
        Assert.True(mended.IsCleaned);
        Assert.Contains("is read by ftfy's rules as \"it's red\"", Assert.Single(mended.Lines), StringComparison.Ordinal);
        Assert.False(Of(Clip, TextCleaning.Ftfy).Note("it's red").IsCleaned);
    }

    [Fact]
    public void Where_there_is_no_CLIP_tokenizer_cleaning_is_refused()
    {
        Assert.Empty(Of(T5).Note("it’s red").Lines);
        Assert.StartsWith(
            "--clean-text: this model has no CLIP tokenizer",
            Assert.Throws<BadInputException>(() => Of(T5, TextCleaning.Ftfy)).Message,
            StringComparison.Ordinal);
    }

    private static PromptReading Of(string model, TextCleaning cleaning = TextCleaning.None)
        => PromptReading.Of(ModelInfo.Read(model), new ModelRequest(model, "cpu", "float32") { Cleaning = cleaning });
}
