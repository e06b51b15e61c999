using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

public sealed class BrokenFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BrokenFolderTests() =>
        _folder.Copy(SmallVocabulary.Folder("sd1"), "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    [InlineData("tokenizer_config.json")]
    public void A_missing_file_is_named(string name)
    {
        File.Delete(_folder[name]);

        Refused(name, "no such file");
    }

    [Theory]
    [InlineData("\"!\": 0,,", ":2:10: ")]
    [InlineData("\"!\": 0.5,", ":2:11: ")]
    [InlineData("\"!\": 0, \"!\": 692,", ":2:19: ")]
    [InlineData("\"!!!\": 0,", "has no \"!\"")]
    [InlineData("\"!\": 1,", "\" both have id 1")]
    [InlineData("\"!\": 692,", "\"!\" has id 692")]
    [InlineData("\"!\": -1,", "\"!\" has id -1")]
    public void A_broken_vocabulary_is_refused(string wrong, string error)
    {
        Replace("vocab.json", "\"!\": 0,", wrong);

        Refused("vocab.json", error);
    }

    [Theory]
    [InlineData("#version: 0.2\n", "", ":1: is no header")]
    [InlineData("\na r\n", "\na  r\n", ":4: \"a  r\" is no merge")]
    [InlineData("\na r\n", "\n\na r\n", ":4: is blank")]
    [InlineData("\na r\n", "\na rq\n", ":4: \"rq\" is not in the vocabulary")]
    [InlineData("\na r\n", "\nq q\n", ":4: \"qq\" is not in the vocabulary")]
    [InlineData("\na r\n", "\nin</w> g</w>\n", ":4: \"in</w>g</w>\" is not in the vocabulary")]
    [InlineData("\na r\n", "\na r\na r\n", ":5: \"a r\" comes a second time")]
    public void A_broken_line_of_merges_is_named(string right, string wrong, string error)
    {
        Replace("merges.txt", right, wrong);

        Refused("merges.txt", error);
    }

    [Theory]
    [InlineData("tokenizer_config.json", "77", "\"77\"", "model_max_length")]
    [InlineData("tokenizer_config.json", "77", "1", "model_max_length")]
    [InlineData("tokenizer_config.json", "\"691\": {", "\"600\": {\"content\": \"<cat>\"}, \"691\": {", "\"<cat>\" at 600, where")]
    [InlineData("tokenizer_config.json", "\"691\": {", "\"692\": {\"content\": \"red</w>\"}, \"691\": {", "the vocabulary has it at")]
    [InlineData("tokenizer_config.json", "\"691\": {", "\"692\": {\"text\": \"<cat>\"}, \"691\": {", "has \"692\"")]
    [InlineData("special_tokens_map.json", "\"pad_token\": \"<|endoftext|>\"", "\"pad_token\": \"[PAD]\"", "\"[PAD]\"")]
    [InlineData("special_tokens_map.json", "\"pad_token\": \"<|endoftext|>\"", "\"pad_token\": null", "names no pad_token")]
    [InlineData("special_tokens_map.json", "\"bos_token\": {", "\"bos_token\": [", "special_tokens_map.json:")]
    public void A_broken_config_is_refused(string name, string right, string wrong, string error)
    {
        if (name == "special_tokens_map.json")
        {
            OlderFolder.Make(_folder);
        }

        Replace(name, right, wrong);

        Refused(name, error);
    }

    [Theory]
    [InlineData("{\"<cat>\": 691}", "\"<cat>\" at 691")]
    [InlineData("{\"<cat>\": 692, \"<dog>\": 692}", "where \"<cat>\" is")]
    [InlineData("{\"<cat>\": \"692\"}", "has id \"692\"")]
    public void Tokens_that_a_file_of_their_own_adds_wrongly_are_refused(string added, string error)
    {
        OlderFolder.Make(_folder);
        File.WriteAllText(_folder["added_tokens.json"], added);

        Refused("added_tokens.json", error);
    }

    [Fact]
    public void A_word_that_was_learned_as_several_vectors_is_refused()
    {
        OlderFolder.Make(_folder);
        File.WriteAllText(_folder["added_tokens.json"], """{"<cat>": 692, "<cat>_1": 693}""");

        Refused("", "learned as several vectors");
    }

    [Theory]
    [InlineData("\"[PAD]\"")]
    [InlineData("{\"content\": \"[PAD]\"}")]
    public void A_token_with_a_role_may_have_capitals_and_is_looked_for_as_it_stands(string named)
    {
        OlderFolder.Make(_folder);
        File.WriteAllText(_folder["added_tokens.json"], """{"[PAD]": 692}""");
        Replace("special_tokens_map.json", "\"pad_token\": \"<|endoftext|>\"", $"\"pad_token\": {named}");

        ClipTokenizer tokenizer = ClipTokenizer.FromFolder(_folder.Path);
        Assert.Equal(["red</w>", "[PAD]", "<|endoftext|>", "[PAD]"], tokenizer.Encode("red [PAD]").Pieces.Skip(1).Take(4));
        Assert.DoesNotContain("[PAD]", tokenizer.Encode("[pad]").Pieces.Take(3));
    }

    private void Replace(string name, string right, string wrong)
    {
        string text = File.ReadAllText(_folder[name]).Replace("\r\n", "\n", StringComparison.Ordinal);
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(_folder[name], text.Replace(right, wrong, StringComparison.Ordinal));
    }

    private void Refused(string name, string error)
    {
        BadInputException refusal = Assert.Throws<BadInputException>(() => ClipTokenizer.FromFolder(_folder.Path));
        Assert.StartsWith(name.Length == 0 ? _folder.Path : _folder[name], refusal.Message, StringComparison.Ordinal);
        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
