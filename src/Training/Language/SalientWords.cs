using System.Collections.Frozen;
using MiniWorld.Scenes;

namespace Training.Language;

/// <summary>
/// Which words of a document are taken out where what it says is asked for, not how it is said (Guu et al. 2020, REALM, section 3.4: salient
/// span masking). Spans drawn anywhere mostly hit words that any sentence of the kind has.
/// </summary>
internal static class SalientWords
{
    private static readonly FrozenSet<string> Grammar = FrozenSet.Create("a", "an", "the", "and", "is", "has", "of", "with", ".");

    /// <summary>For each word of the document whether it is taken out: of one sentence about half of what it says, at least one word.</summary>
    /// <param name="told">The document's sentences; each says something.</param>
    /// <param name="random">Which.</param>
    public static IReadOnlyList<bool> Taken(IReadOnlyList<string> told, SplitMix64 random)
    {
        int asked = random.Whole(0, told.Count - 1), sentence = 0;
        bool[] taken = [.. Words(told).Select(word =>
        {
            sentence += word == "." ? 1 : 0;
            return sentence == asked && !Grammar.Contains(word) && random.Whole(0, 1) == 0;
        })];
        if (!taken.Contains(true))
        {
            int[] said = [.. Said(told, asked)];
            taken[said[random.Whole(0, said.Length - 1)]] = true;
        }

        return taken;
    }

    /// <summary>The document's words and full stops.</summary>
    public static IReadOnlyList<string> Words(IReadOnlyList<string> told) => string.Join(SceneDocuments.Stop, told).Split(' ');

    private static IEnumerable<int> Said(IReadOnlyList<string> told, int asked)
    {
        int first = told.Take(asked).Sum(sentence => sentence.Split(' ').Length + 1);
        return told[asked].Split(' ').Index().Where(word => !Grammar.Contains(word.Item)).Select(word => first + word.Index);
    }
}
