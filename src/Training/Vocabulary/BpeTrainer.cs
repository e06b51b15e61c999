using System.Runtime.InteropServices;
using DiffusionLens.Tokenizers;

namespace Training.Vocabulary;

/// <summary>
/// Learns a byte-pair vocabulary in CLIP's own form from captions: starting from single bytes, the pair of neighbors seen most
/// often becomes one piece, again and again (Sennrich et al. 2016, https://arxiv.org/abs/1508.07909, algorithm 1).
/// The same captions give the same vocabulary, whatever order they come in.
/// </summary>
internal sealed class BpeTrainer
{
    private readonly List<(string[] Symbols, long Count)> _words;
    private readonly HashSet<string> _forbidden;

    private BpeTrainer(List<(string[] Symbols, long Count)> words, HashSet<string> forbidden)
    {
        _words = words;
        _forbidden = forbidden;
    }

    /// <param name="captions">What the vocabulary is to write; a caption counts as often as it comes.</param>
    /// <param name="vocabularySize">
    /// Pieces to end with, at least 514 (bytes, bytes at a word's end, start and end token). There are fewer if before that every
    /// word has become one piece.
    /// </param>
    /// <param name="keepSplit">Words that stay at least two tokens however often they occur, each of two bytes or more.</param>
    public static BpeVocabulary Train(IEnumerable<string> captions, int vocabularySize, IEnumerable<string>? keepSplit = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, BpeVocabulary.SizeWithoutMerges);
        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        foreach (string word in captions.SelectMany(Words))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _)++;
        }

        BpeTrainer trainer = new(
            [.. counts.Select(word => (Symbols(word.Key), word.Value))],
            [.. (keepSplit ?? []).SelectMany(Words).Select(WholePiece)]);
        return trainer.Learn(vocabularySize);
    }

    private BpeVocabulary Learn(int vocabularySize)
    {
        List<string> merges = [];
        HashSet<string> products = new(StringComparer.Ordinal);
        while (BpeVocabulary.SizeWithoutMerges + products.Count < vocabularySize && MostFrequentPair() is (string left, string right))
        {
            merges.Add($"{left} {right}");
            products.Add(left + right);
            for (int i = 0; i < _words.Count; i++)
            {
                _words[i] = _words[i] with { Symbols = Merge(_words[i].Symbols, left, right) };
            }
        }

        return new BpeVocabulary(merges);
    }

    private (string Left, string Right)? MostFrequentPair()
    {
        Dictionary<(string, string), long> counts = [];
        foreach ((string[] symbols, long count) in _words)
        {
            foreach ((string Left, string Right) pair in symbols.Zip(symbols.Skip(1)))
            {
                if (!_forbidden.Contains(pair.Left + pair.Right))
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, pair, out _) += count;
                }
            }
        }

        return counts.Count == 0
            ? null
            : counts.OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key.Item1, StringComparer.Ordinal)
                .ThenBy(pair => pair.Key.Item2, StringComparer.Ordinal)
                .First().Key;
    }

    private static string[] Merge(string[] symbols, string left, string right)
    {
        List<string> merged = new(symbols.Length);
        for (int i = 0; i < symbols.Length; i++)
        {
            bool isPair = i + 1 < symbols.Length && symbols[i] == left && symbols[i + 1] == right;
            merged.Add(isPair ? left + right : symbols[i]);
            i += isPair ? 1 : 0;
        }

        return [.. merged];
    }

    private static IEnumerable<string> Words(string caption) =>
        ClipWords.Split(ClipWords.Normalize(AlignedText.Of(caption))).Select(word => ByteAlphabet.Spell(word.Text));

    private static string WholePiece(string word) => word.Length > 1
        ? word + ClipVocabulary.EndOfWord
        : throw new ArgumentException($"\"{word}\" is one byte, which no vocabulary can split", nameof(word));

    private static string[] Symbols(string word) =>
        [.. word[..^1].Select(symbol => symbol.ToString()), word[^1] + ClipVocabulary.EndOfWord];
}
