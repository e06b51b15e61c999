using System.Text.Json;
using DiffusionLens.Tokenizers;
using FsCheck.Xunit;

namespace DiffusionLens.Tests.Tokenizers;

public sealed class T5TokenizerTests : IDisposable
{
    private const int Unknown = 2, End = 1;

    private static readonly string Folder = Reference.PathOf("if", "stage_I", "tokenizer");
    private static readonly T5Tokenizer Plain = T5Tokenizer.FromFolder(Folder, lowersCase: false);
    private static readonly T5Tokenizer OfIF = T5Tokenizer.FromFolder(Folder);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_awkward_text_has_exactly_the_reference_ids()
    {
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllBytes(Reference.PathOf("if", "expected", "tokenizer.json")));
        Assert.Equal(reference.RootElement.GetProperty("max_length").GetInt32(), Plain.ModelMaxLength);
        Assert.NotEqual(0, reference.RootElement.GetProperty("cases").GetArrayLength());
        Assert.All(reference.RootElement.GetProperty("cases").EnumerateArray(), example =>
        {
            TokenizedPrompt prompt = Plain.Encode(example.GetProperty("text").GetString()!);
            Assert.Equal(example.GetProperty("padded").EnumerateArray().Select(id => id.GetInt32()), prompt.Ids);
            Assert.Equal(Math.Min(77, example.GetProperty("ids").GetArrayLength()), prompt.Mask.Sum());
        });
    }

    [Fact]
    public void Prompts_are_prepared_as_IF_prepares_them()
    {
        using JsonDocument prompts = JsonDocument.Parse(File.ReadAllBytes(Reference.PathOf("if", "expected", "prompts.json")));
        string[] given = Texts("prompts"), tokenized = Texts("as_tokenized");
        Assert.Equal(tokenized, given.Select(text => PythonText.Strip(PythonText.Lower(AlignedText.Of(text))).Text));
        Assert.All(given.Zip(tokenized), pair => Assert.Equal(Plain.Encode(pair.Second).Ids, OfIF.Encode(pair.First).Ids));
        Assert.NotEqual(Plain.Encode(given[1]).Ids, OfIF.Encode(given[1]).Ids);

        string[] Texts(string name) => [.. prompts.RootElement.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
    }

    [Theory]
    [InlineData("ΑΣ ΑΣΑ Σ", "ας ασα σ")]
    [InlineData("ΑΣ' Σ.Α 'Σ", "ας' σ.α 'σ")]
    [InlineData("ΑΣ'Α", "ασ'α")]
    [InlineData("İI", "i̇i")]
    [InlineData("𐐀", "𐐨")]
    public void Case_is_lowered_as_Python_does(string text, string lower)
        => Assert.Equal(lower, PythonText.Lower(AlignedText.Of(text)).Text);

    [Fact]
    public void Separators_are_stripped_as_Python_does()
        => Assert.Equal("a\u001cb", PythonText.Strip(AlignedText.Of(" \u001f\u00a0a\u001cb\u2003\u001c\n")).Text);

    [Fact]
    public void An_accent_behind_a_deleted_control_character_stays_an_accent_of_its_own()
    {
        Assert.NotEqual(Plain.Encode("caf\u00e9").Ids, Plain.Encode("cafe\u0001\u0301").Ids);
        Assert.Equal(Plain.Encode("caf\u00e9").Ids, Plain.Encode("cafe\u0301").Ids);
        Assert.Equal(["▁", "c", "a", "f", "e", "<unk>", "</s>"], Plain.Encode("cafe\u0001\u0301").Pieces.Take(7));
    }

    [Theory]
    [InlineData("a <extra_id_0> b", 201)]
    [InlineData("a<extra_id_99>b", 102)]
    [InlineData("a <unk> b", Unknown)]
    [InlineData("a <pad> b", 0)]
    public void Special_tokens_written_out_count_as_such(string text, int id)
    {
        TokenizedPrompt prompt = Plain.Encode(text);
        int[] between = [.. Written("a"), id, .. Written("b"), End];
        Assert.Equal(between, prompt.Ids.Take(prompt.Mask.Sum()));
        Assert.Equal(202, Plain.VocabularySize);

        static IEnumerable<int> Written(string text) => Plain.Encode(text).Ids.TakeWhile(token => token != End);
    }

    [Fact]
    public void The_end_comes_once_and_last()
    {
        Assert.Equal(Plain.Encode("a red circle").Ids, Plain.Encode("a red circle</s>").Ids);
        TokenizedPrompt cut = Plain.Encode(string.Concat(Enumerable.Repeat("a red circle ", 40)));
        Assert.Equal(End, cut.Ids[^1]);
        Assert.Equal(77, cut.Mask.Sum());
        Assert.Equal([End], Plain.Encode(" ").Ids.Take(1));
    }

    [Property(Arbitrary = [typeof(AnyTextTests)], MaxTest = 300)]
    public void Any_text_becomes_text_end_padding(string text)
    {
        TokenizedPrompt prompt = OfIF.Encode(text);
        int written = prompt.Mask.Sum();
        Assert.Equal((77, 77, 77), (prompt.Ids.Count, prompt.Pieces.Count, prompt.Mask.Count));
        Assert.Equal([.. Enumerable.Repeat(1, written), .. Enumerable.Repeat(0, 77 - written)], prompt.Mask);
        Assert.Equal(End, prompt.Ids[written - 1]);
        Assert.All(prompt.Ids.Skip(written), id => Assert.Equal(0, id));
        Assert.All(prompt.Ids, id => Assert.InRange(id, 0, OfIF.VocabularySize - 1));
    }

    [Fact]
    public void A_folder_says_itself_whose_tokenizer_it_is()
    {
        Assert.IsType<T5Tokenizer>(PromptTokenizer.FromFolder(Folder));
        Assert.IsType<ClipTokenizer>(PromptTokenizer.FromFolder(SmallVocabulary.Folder("sd1")));
    }

    [Theory]
    [InlineData("spiece.model", "no such file")]
    [InlineData("tokenizer_config.json", "no such file")]
    public void A_missing_file_is_named(string name, string error)
    {
        _folder.Copy(Folder, "spiece.model", "tokenizer_config.json");
        File.Delete(_folder[name]);
        Refused(name, error);
    }

    [Fact]
    public void A_file_that_is_no_vocabulary_is_refused()
    {
        _folder.Copy(Folder, "spiece.model", "tokenizer_config.json");
        File.WriteAllBytes(_folder["spiece.model"], File.ReadAllBytes(_folder["spiece.model"])[..5000]);
        Refused("spiece.model", "is no SentencePiece model");
        File.WriteAllText(_folder["spiece.model"], "a vocabulary");
        Refused("spiece.model", "is no SentencePiece model");
    }

    [Fact]
    public void Tokens_that_T5_does_not_have_are_refused()
    {
        _folder.Copy(Folder, "spiece.model", "tokenizer_config.json");
        File.WriteAllText(_folder["added_tokens.json"], """{"<extra_id_0>": 201, "<cat>": 202}""");
        Refused("added_tokens.json", "\"<cat>\"");
    }

    private void Refused(string name, string error)
    {
        BadInputException refusal = Assert.Throws<BadInputException>(() => T5Tokenizer.FromFolder(_folder.Path));
        Assert.StartsWith(_folder[name], refusal.Message, StringComparison.Ordinal);
        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
