using DiffusionLens.Tokenizers;

namespace Training.Language;

/// <summary>Ids of documents, word by word: a SentencePiece model that splits at spaces never joins two words in one piece.</summary>
internal sealed class DocumentTokens(T5Tokenizer tokenizer)
{
    private readonly Dictionary<string, int[]> _words = [];

    /// <summary>Id of the first sentinel; the next one's is one less.</summary>
    public int FirstSentinel => tokenizer.VocabularySize - 1;

    /// <summary>Ids of each word, without an end.</summary>
    public IReadOnlyList<int[]> OfWords(IEnumerable<string> words) => [.. words.Select(OfWord)];

    /// <summary>Ids of a text whose words stand one space apart, without an end.</summary>
    public int[] Of(string text) => [.. text.Split(' ').SelectMany(OfWord)];

    private int[] OfWord(string word)
    {
        if (!_words.TryGetValue(word, out int[]? ids))
        {
            TokenizedPrompt prompt = tokenizer.Encode(word);
            _words[word] = ids = [.. prompt.Ids.Take(prompt.Mask.Sum() - 1)];
        }

        return ids;
    }
}
