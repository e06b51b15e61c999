namespace Experiments.Plans;

/// <summary>A sentence with its dependency parse (Universal Dependencies).</summary>
/// <param name="Text">The sentence as it was said.</param>
/// <param name="Words">Its words, in their order.</param>
internal sealed record ParsedSentence(string Text, IReadOnlyList<ParsedWord> Words)
{
    private static readonly string[] NounTags = ["NOUN", "PROPN"];

    /// <summary>Common and proper nouns.</summary>
    public IReadOnlyList<ParsedWord> Nouns => [.. Words.Where(word => NounTags.Contains(word.Tag))];

    /// <summary>Whether one word lies on the path from another to the root: the other depends on it, directly or not.</summary>
    public bool Governs(ParsedWord one, ParsedWord other)
    {
        // No path is longer than the sentence, also where a broken parse goes in circles.
        int head = other.Head;
        for (int step = 0; step < Words.Count && head > 0; step++)
        {
            if (head == one.Id)
            {
                return true;
            }
            head = Words.FirstOrDefault(word => word.Id == head)?.Head ?? 0;
        }
        return false;
    }
}

/// <summary>A word of a sentence.</summary>
/// <param name="Id">Its number in the sentence, from 1.</param>
/// <param name="Form">The word, in lower case.</param>
/// <param name="Tag">Its universal part of speech: <c>NOUN</c>, <c>VERB</c>, ...</param>
/// <param name="Head">The number of the word it depends on; 0 for the root.</param>
internal sealed record ParsedWord(int Id, string Form, string Tag, int Head);
