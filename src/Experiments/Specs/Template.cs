using MiniWorld;

namespace Experiments.Specs;

/// <summary>A text with slots: <c>{a color} {object}</c>.</summary>
/// <param name="Source">The text as it was written.</param>
/// <param name="Parts">The text cut at its slots.</param>
internal sealed record Template(string Source, IReadOnlyList<TemplatePart> Parts)
{
    /// <summary>The slots of words, each once, in the order of their first mention; an attribute mentions the slot it is of.</summary>
    public IReadOnlyList<Slot> Slots => [.. Parts.OfType<TemplatePart.Word>().Select(part => part.Slot.Word).Distinct()];

    /// <summary>Where a slot of the template was first written.</summary>
    /// <param name="slot">One of <see cref="Slots"/>.</param>
    public SourceLocation LocationOf(Slot slot) => Parts.OfType<TemplatePart.Word>().First(part => part.Slot.Word == slot).Location;

    /// <summary>The text with a word in each slot, and the article that the word takes where the slot asks for one.</summary>
    /// <param name="words">The word of each slot, by the slot's name.</param>
    /// <param name="lexicon">It knows the words' articles and attributes.</param>
    /// <exception cref="DiffusionLens.BadInputException">Neither the words nor the lexicon give an attribute.</exception>
    public string Fill(IReadOnlyDictionary<string, string> words, Lexicon lexicon) => string.Concat(Parts.Select(part => part switch
    {
        TemplatePart.Text(var text) => text,
        TemplatePart.Word(var slot, var article, var location) when SlotWords.Of(slot, words, lexicon, location) is { } word
            => article && ArticleOf(word, lexicon) is { Length: > 0 } before ? $"{before} {word}" : word,
        _ => throw new ArgumentException($"No text for {part}"),
    }));

    private static string ArticleOf(string word, Lexicon lexicon) => lexicon.Find(word)?.Article ?? LexiconWord.ArticleOf(word);
}
