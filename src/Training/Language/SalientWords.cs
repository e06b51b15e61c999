using System.Collections.Frozen;
using DiffusionLens.Runtime;

namespace Training.Language;

/// <summary>
/// Which words of a document are taken out where what it says is asked for, not how it is said (Guu et al. 2020, REALM, section 3.4:
/// salient span masking). Spans drawn anywhere mostly hit words that any sentence of the kind has.
/// </summary>
internal static class SalientWords
{
    private static readonly FrozenSet<string> Grammar = FrozenSet.Create("a", "an", "the", "and", "is", "has", "of", "with", ".");

    /// <summary>
    /// For each word of the document whether it is taken out: of half of the sentences, at least one, one word each of what they say. All
    /// else is still told, so that the word can mostly be found.
    /// </summary>
    /// <param name="told">The document's sentences; each says something.</param>
    /// <param name="random">Which.</param>
    public static IReadOnlyList<bool> Taken(IReadOnlyList<string> told, SplitMix64 random)
    {
        int always = random.Whole(0, told.Count - 1);
        List<bool> taken = [];
        foreach ((int number, string sentence) in told.Index())
        {
            string[] words = sentence.Split(' ');
            int[] said = [.. words.Index().Where(word => !Grammar.Contains(word.Item)).Select(word => word.Index)];
            bool asked = number == always || random.Chance(0.5);
            int missing = asked ? said[random.Whole(0, said.Length - 1)] : -1;
            taken.AddRange([.. number == 0 ? (bool[])[] : [false], .. words.Select((_, place) => place == missing)]);
        }

        return taken;
    }

    /// <summary>The document's words and full stops.</summary>
    public static IReadOnlyList<string> Words(IReadOnlyList<string> told) => string.Join(SceneDocuments.Stop, told).Split(' ');
}
