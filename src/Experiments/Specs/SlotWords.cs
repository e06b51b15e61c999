using MiniWorld;

namespace Experiments.Specs;

/// <summary>What stands in a slot of a prompt.</summary>
internal static class SlotWords
{
    /// <summary>The slot's word; of an attribute, what the prompt's table says of it, else what the lexicon does.</summary>
    /// <param name="words">The prompt's words, by their slots' names.</param>
    /// <param name="location">Where the slot is named.</param>
    /// <exception cref="DiffusionLens.BadInputException">The attribute is known to neither.</exception>
    public static string Of(Slot slot, IReadOnlyDictionary<string, string> words, Lexicon lexicon, SourceLocation location)
    {
        if (words.TryGetValue(slot.Name, out string? word))
        {
            return word;
        }
        string of = words[slot.Word.Name];
        return lexicon.Find(of)?.Attribute(slot.Attribute!)
            ?? throw location.Error(
                $"{slot.Name.Quoted()} of {of.Quoted()}, of which the lexicon '{lexicon.Name}' gives no {slot.Attribute}; "
                    + $"add it there, as in {of}: {{{slot.Attribute}: ...}}");
    }
}
