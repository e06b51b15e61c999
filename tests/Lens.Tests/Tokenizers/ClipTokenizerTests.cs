using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

public sealed class ClipTokenizerTests
{
    private static readonly ClipTokenizer Sd1 = ClipTokenizer.FromFolder(SmallVocabulary.Folder("sd1"));
    private static readonly ClipTokenizer Sd2 = ClipTokenizer.FromFolder(SmallVocabulary.Folder("sd2"));

    [Fact]
    public void Pieces_are_the_vocabularys_own_strings() =>
        Assert.Equal(
            ["<|startoftext|>", "a</w>", "red</w>", "naÃ¯ve</w>", "<|endoftext|>", "!"],
            Sd2.Encode("A red\u00a0 naïve").Pieces.Take(6));

    [Fact]
    public void A_long_prompt_is_cut_and_still_ends_with_the_end_token()
    {
        TokenizedPrompt prompt = Sd1.Encode(string.Concat(Enumerable.Repeat("red ", 100)));

        Assert.Equal(77, prompt.Ids.Count);
        Assert.Equal(SmallVocabulary.End, prompt.Ids[^1]);
        Assert.Equal("red</w>", prompt.Pieces[^2]);
        Assert.DoesNotContain(0, prompt.Mask);
    }

    [Fact]
    public void A_special_token_in_the_text_counts_as_written()
    {
        TokenizedPrompt prompt = Sd1.Encode("red<|EndOfText|>");

        Assert.Equal(["<|startoftext|>", "red</w>", "<|endoftext|>", "<|endoftext|>"], prompt.Pieces.Take(4));
        Assert.Equal(4, prompt.Mask.Sum());
    }

    [Fact]
    public void In_an_older_folder_the_padding_token_of_the_map_wins_over_the_configs_and_is_special_in_text()
    {
        Assert.Equal(["!</w>", "<|endoftext|>"], Sd1.Encode("!").Pieces.Skip(1).Take(2));
        Assert.Equal(["!", "!", "red</w>", "<|endoftext|>"], Sd2.Encode("!!red").Pieces.Skip(1).Take(4));

        using TemporaryFolder folder = new();
        folder.Copy(SmallVocabulary.Folder("sd2"), "vocab.json", "merges.txt");
        folder.Copy(Reference.PathOf("tokenizers", "clip", "sd2"), "tokenizer_config.json", "special_tokens_map.json");
        Assert.Equal(
            ["!", "!", "red</w>", "<|endoftext|>", "!"],
            ClipTokenizer.FromFolder(folder.Path).Encode("!!red").Pieces.Skip(1).Take(5));
    }

    [Fact]
    public void Where_the_config_lists_its_tokens_older_files_beside_it_are_not_read()
    {
        using TemporaryFolder folder = new();
        folder.Copy(SmallVocabulary.Folder("sd2"), "vocab.json", "merges.txt", "special_tokens_map.json");
        folder.Copy(SmallVocabulary.Folder("sd1"), "tokenizer_config.json");
        File.WriteAllText(folder["added_tokens.json"], """{"<cat>": 692}""");
        File.WriteAllText(folder["tokenizer.json"], """{"added_tokens": [{"id": 693, "content": "<dog>"}]}""");

        ClipTokenizer tokenizer = ClipTokenizer.FromFolder(folder.Path);
        Assert.Equal((SmallVocabulary.End, 692), (tokenizer.Encode("").Ids[^1], tokenizer.VocabularySize));
    }

    [Fact]
    public void Without_a_map_the_config_names_the_special_tokens()
    {
        using TemporaryFolder folder = new();
        folder.Copy(SmallVocabulary.Folder("sd2"), "vocab.json", "merges.txt", "tokenizer_config.json");

        Assert.Equal(0, ClipTokenizer.FromFolder(folder.Path).Encode("").Ids[^1]);
    }

    [Theory]
    [InlineData("e\u0301", "\u00e9")] // composed
    [InlineData("ΑΣ", "ας", false)] // no final sigma
    [InlineData("ΑΣ", "ασ")]
    [InlineData("İ", "i\u0307")] // one letter, two in lower case
    [InlineData("\U00010400", "\U00010428")] // Deseret, outside the basic plane
    [InlineData(" a \t\n\u2003 b ", "a b")]
    [InlineData("e\u0301\ufffeE\u0301", "\u00e9\ufffe\u00e9")]
    public void Texts_that_CLIP_takes_for_the_same_have_the_same_ids(string one, string other, bool same = true) =>
        Assert.Equal(same, Sd1.Encode(one).Ids.SequenceEqual(Sd1.Encode(other).Ids));

    [Fact]
    public void Half_a_surrogate_pair_counts_as_the_replacement_character() =>
        Assert.Equal(Sd1.Encode("a\U0001F400\ufffd b\ufffd").Ids, Sd1.Encode("a\ud83d\udc00\udc00 b\ud83d").Ids);

    [Theory]
    [InlineData("it's", "it", "'s")]
    [InlineData("cat!'s", "cat", "!'", "s")]
    [InlineData("we'll've", "we", "'ll", "'ve")]
    [InlineData("'dog", "'d", "og")]
    [InlineData("4x12", "4", "x", "1", "2")]
    [InlineData("a_b--c", "a", "_", "b", "--", "c")]
    [InlineData("𠮷野家𝟙", "𠮷野家", "𝟙")]
    [InlineData("e\u0302\u0327", "e", "\u0302\u0327")] // marks are neither letters nor numbers
    public void Text_is_cut_into_words_by_code_points(string text, params string[] words)
        => Assert.Equal(words, ClipWords.Split(AlignedText.Of(text)).Select(word => word.Text));

    [Fact]
    public void Several_threads_get_the_same_ids()
    {
        string[] texts = [.. Enumerable.Range(0, 2000).Select(i => $"a {i % 300} red circle{i % 7} zoë")];
        int[][] expected = [.. texts.Select(text => Sd1.Encode(text).Ids.ToArray())];
        ClipTokenizer fresh = ClipTokenizer.FromFolder(SmallVocabulary.Folder("sd1"));

        int[][] ids = [.. texts.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(text => fresh.Encode(text).Ids.ToArray())];

        Assert.Equal(expected, ids);
    }
}
