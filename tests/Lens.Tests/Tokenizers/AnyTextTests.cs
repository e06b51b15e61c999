using DiffusionLens.Tokenizers;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace DiffusionLens.Tests.Tokenizers;

public sealed class AnyTextTests
{
    private static readonly ClipTokenizer Tokenizer = ClipTokenizer.FromFolder(SmallVocabulary.Folder("sd2"));
    private static readonly string[] Merges = [.. File.ReadLines(Path.Combine(SmallVocabulary.Folder("sd2"), "merges.txt")).Skip(1)];

    public static Arbitrary<string> AnyText()
    {
        Gen<string> unit = Gen.Choose(0, char.MaxValue).Select(value => ((char)value).ToString());
        Gen<string> ascii = Gen.Choose(0, 127).Select(value => ((char)value).ToString());
        Gen<string> awkward = Gen.Elements(
            "<|endoftext|>", "<|start", "!", "'s", "red", " ", "İ", "\u0301", "\ufffe", "\U0001F600", "\ud83d", "</w>");
        return Arb.From(Gen.ListOf(Gen.OneOf(unit, ascii, awkward)).Select(string.Concat));
    }

    public static Arbitrary<char[]> AnyWord()
        => Arb.From(Gen.NonEmptyListOf(Gen.Elements("acdeilnorst".ToCharArray())).Select(Enumerable.ToArray));

    [Property(Arbitrary = [typeof(AnyTextTests)], MaxTest = 500)]
    public void Any_text_becomes_start_text_end_padding(string text)
    {
        TokenizedPrompt prompt = Tokenizer.Encode(text);
        int written = prompt.Mask.Sum();

        Assert.Equal(Tokenizer.ModelMaxLength, prompt.Ids.Count);
        Assert.Equal(prompt.Ids.Count, prompt.Pieces.Count);
        Assert.Equal([.. Enumerable.Repeat(1, written), .. Enumerable.Repeat(0, prompt.Ids.Count - written)], prompt.Mask);
        Assert.Equal(SmallVocabulary.Start, prompt.Ids[0]);
        Assert.Equal(SmallVocabulary.End, prompt.Ids[written - 1]);
        Assert.All(prompt.Ids.Skip(written), id => Assert.Equal(0, id));
        Assert.All(prompt.Ids, id => Assert.InRange(id, 0, Tokenizer.VocabularySize - 1));
    }

    [Property(Arbitrary = [typeof(AnyTextTests)], MaxTest = 30)]
    public void The_same_text_has_the_same_ids(string text) =>
        Assert.Equal(ClipTokenizer.FromFolder(SmallVocabulary.Folder("sd2")).Encode(text).Ids, Tokenizer.Encode(text).Ids);

    [Property(Arbitrary = [typeof(AnyTextTests)], MaxTest = 500)]
    public void Pairs_are_merged_by_lowest_rank_leftmost_first(char[] letters)
    {
        string word = new(letters);

        Assert.Equal(MergedByTheBook(word).Take(75), Tokenizer.Encode(word).Pieces.Skip(1).TakeWhile(piece => piece != "<|endoftext|>"));
    }

    private static List<string> MergedByTheBook(string word)
    {
        List<string> symbols = [.. word[..^1].Select(letter => letter.ToString()), word[^1] + "</w>"];
        while (true)
        {
            (int rank, int position) = symbols.Zip(symbols.Skip(1), (left, right) => Array.IndexOf(Merges, $"{left} {right}"))
                .Select((rank, position) => (rank, position))
                .Where(pair => pair.rank >= 0)
                .DefaultIfEmpty((-1, -1))
                .Min();
            if (rank < 0)
            {
                return symbols;
            }

            symbols[position] += symbols[position + 1];
            symbols.RemoveAt(position + 1);
        }
    }
}
