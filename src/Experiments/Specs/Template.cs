using MiniWorld;

namespace Experiments.Specs;

/// <summary>A text with slots: <c>{a color} {object}</c>.</summary>
/// <param name="Source">The text as it was written.</param>
/// <param name="Parts">The text cut at its slots.</param>
public sealed record Template(string Source, IReadOnlyList<TemplatePart> Parts)
{
    /// <summary>The slots, each once, in the order of their first mention.</summary>
    public IReadOnlyList<Slot> Slots => [.. Parts.OfType<TemplatePart.Word>().Select(part => part.Slot).Distinct()];

    /// <summary>Where a slot of the template was first written.</summary>
    /// <param name="slot">One of <see cref="Slots"/>.</param>
    public Place PlaceOf(Slot slot) => Parts.OfType<TemplatePart.Word>().First(part => part.Slot == slot).Place;

    /// <summary>The text with a word in each slot, and the article that the word takes where the slot asks for one.</summary>
    /// <param name="words">The word of each slot, by the slot's name.</param>
    /// <param name="lexicon">What the words are from; it knows their articles.</param>
    public string Fill(IReadOnlyDictionary<string, string> words, Lexicon lexicon) => string.Concat(Parts.Select(part => part switch
    {
        TemplatePart.Text(var text) => text,
        TemplatePart.Word(var slot, true, _) when lexicon.Find(words[slot.Name])?.Article is { Length: > 0 } article
            => $"{article} {words[slot.Name]}",
        TemplatePart.Word(var slot, _, _) => words[slot.Name],
        _ => throw new ArgumentException($"No text for {part}"),
    }));
}
