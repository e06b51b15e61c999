using DiffusionLens.Tokenizers;
using Training.Vocabulary;

namespace Training.Tests.Vocabulary;

public sealed class BpeTrainerTests : IDisposable
{
    private static readonly string[] Captions =
    [
        "a red car", "a red car", "a red car", "a red bus", "a blue car and a red axolotl", "a dog in a box", "a café", "Zoë's dog",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("dlens-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_most_frequent_pair_is_merged_first_and_of_equals_the_first_by_code_point()
    {
        BpeVocabulary vocabulary = BpeTrainer.Train(["ab ab ab", "cd cd", "ae ae"], 517);

        Assert.Equal(["a b</w>", "a e</w>", "c d</w>"], vocabulary.Merges);
    }

    [Fact]
    public void Pieces_stand_in_CLIPs_order()
    {
        BpeVocabulary vocabulary = BpeTrainer.Train(["ab ab"], 515);

        Assert.Equal(515, vocabulary.Pieces.Count);
        Assert.Equal("!", vocabulary.Pieces[0]);
        Assert.Equal("!</w>", vocabulary.Pieces[256]);
        Assert.Equal(["ab</w>", "<|startoftext|>", "<|endoftext|>"], vocabulary.Pieces.Skip(512));
    }

    [Fact]
    public void Frequent_words_become_one_token_and_ClipTokenizer_reads_the_folder()
    {
        BpeTrainer.Train(Captions, 600).WriteTo(_folder);

        ClipTokenizer tokenizer = ClipTokenizer.FromFolder(_folder);
        TokenizedPrompt prompt = tokenizer.Encode("A red car");

        Assert.Equal(16, tokenizer.ModelMaxLength);
        Assert.Equal(["<|startoftext|>", "a</w>", "red</w>", "car</w>", "<|endoftext|>", "<|endoftext|>"], prompt.Pieces.Take(6));
        Assert.Equal(5, prompt.Mask.Sum());
        Assert.Equal(tokenizer.VocabularySize - 1, prompt.Ids[^1]);
    }

    [Fact]
    public void A_word_kept_split_stays_several_tokens_whatever_else_is_learned()
    {
        BpeVocabulary vocabulary = BpeTrainer.Train(Captions, 2000, keepSplit: ["red", "axolotl"]);
        vocabulary.WriteTo(_folder);
        ClipTokenizer tokenizer = ClipTokenizer.FromFolder(_folder);

        Assert.True(vocabulary.Pieces.Count < 2000);
        Assert.Equal(2, TokensOf("red"));
        Assert.Equal(2, TokensOf("axolotl"));
        Assert.Equal(1, TokensOf("car"));

        int TokensOf(string word) => tokenizer.Encode(word).Mask.Sum() - 2;
    }

    [Fact]
    public void The_order_of_the_captions_changes_nothing() =>
        Assert.Equal(BpeTrainer.Train(Captions, 560).Merges, BpeTrainer.Train(Captions.Reverse(), 560).Merges);

    [Fact]
    public void A_piece_that_two_merges_make_has_one_id()
    {
        BpeVocabulary vocabulary = new(["a b", "ab c</w>", "b c</w>", "a bc</w>"]);

        Assert.Equal(514 + 3, vocabulary.Pieces.Count);
    }

    [Theory]
    [InlineData(513, "red")]
    [InlineData(600, "a")]
    public void What_cannot_be_learned_is_refused(int vocabularySize, string keepSplit) =>
        Assert.ThrowsAny<ArgumentException>(() => BpeTrainer.Train(Captions, vocabularySize, [keepSplit]));
}
