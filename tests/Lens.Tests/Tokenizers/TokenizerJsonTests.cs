using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

/// <summary><c>tokenizer.json</c> alone, as fast tokenizers and transformers 5 save it, of the small CLIP and T5 references.</summary>
public sealed class TokenizerJsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("clip")]
    [InlineData("t5")]
    public void Every_awkward_text_has_the_ids_of_the_fast_tokenizer_read_from_it(string kind)
    {
        PromptTokenizer tokenizer = kind == "clip"
            ? ClipTokenizer.FromFolder(Folder("clip"))
            : T5Tokenizer.FromFolder(Folder("t5"), lowersCase: false);
        JsonElement cases = Expected(kind);
        Assert.NotEqual(0, cases.GetArrayLength());
        Assert.All(cases.EnumerateArray(), example => Assert.Equal(
            example.GetProperty("padded").EnumerateArray().Select(id => id.GetInt32()),
            tokenizer.Encode(example.GetProperty("text").GetString()!).Ids));
    }

    [Fact]
    public void A_folder_says_itself_whose_it_is()
    {
        Assert.IsType<ClipTokenizer>(PromptTokenizer.FromFolder(Folder("clip")));
        Assert.IsType<T5Tokenizer>(PromptTokenizer.FromFolder(Folder("t5")));
        Assert.True(PromptTokenizer.IsFolder(Folder("t5")));
    }

    [Fact]
    public void A_fast_class_takes_it_and_a_slow_one_the_older_files()
    {
        _folder.Copy(Folder("clip"), "tokenizer.json", "tokenizer_config.json");
        _folder.Copy(SmallVocabulary.Folder("sd1"), "vocab.json", "merges.txt");
        File.WriteAllText(_folder["merges.txt"], "#version: 0.2\n");

        Assert.Equal("red</w>", Piece(null, "CLIPTokenizerFast"));
        Assert.Equal("r", Piece(null, "CLIPTokenizer"));
        Assert.Equal("r", Piece(null, null));
        Assert.Equal("red</w>", Piece(config => config["tokenizer_class"] = "CLIPTokenizerFast", null));

        string Piece(Action<JsonNode>? change, string? className)
        {
            Edit("tokenizer_config.json", change ?? (_ => { }));
            return ClipTokenizer.FromFolder(_folder.Path, 77, className).Encode("red").Pieces[1];
        }
    }

    [Theory]
    [InlineData("1000000000000000019884624838656")]
    [InlineData("null")]
    [InlineData("")]
    public void A_length_that_says_nothing_is_the_text_encoders(string length)
    {
        _folder.Copy(Folder("clip"), "tokenizer.json", "tokenizer_config.json");
        Edit("tokenizer_config.json", config =>
        {
            config.AsObject().Remove("model_max_length");
            if (length.Length > 0)
            {
                config["model_max_length"] = JsonNode.Parse(length);
            }
        });

        Assert.Equal(77, ClipTokenizer.FromFolder(_folder.Path).ModelMaxLength);
        Assert.Equal(16, ClipTokenizer.FromFolder(_folder.Path, positions: 16).ModelMaxLength);
    }

    [Theory]
    [InlineData(true, "<|endoftext|>")]
    [InlineData(false, "<")]
    public void A_special_token_is_looked_for_in_text_as_the_file_says(bool isNormalized, string piece)
    {
        _folder.Copy(Folder("clip"), "tokenizer.json", "tokenizer_config.json");
        Edit("tokenizer_config.json", config => config.AsObject().Remove("added_tokens_decoder"));
        Edit("tokenizer.json", json =>
        {
            foreach (JsonNode? token in json["added_tokens"]!.AsArray())
            {
                token!["normalized"] = isNormalized;
            }
        });

        Assert.Equal(piece, ClipTokenizer.FromFolder(_folder.Path).Encode("<|EndOfText|>").Pieces[1]);
        Assert.Equal("<|endoftext|>", ClipTokenizer.FromFolder(_folder.Path).Encode("<|endoftext|>").Pieces[1]);
    }

    [Theory]
    [InlineData("a <cat> b", "a</w>", "<cat>", "b</w>")]
    [InlineData("a<CAT>b", "a</w>", "<cat>", "b</w>")]
    public void A_word_that_someone_taught_the_model_is_one_token(string text, params string[] pieces)
    {
        _folder.Copy(SmallVocabulary.Folder("sd1"), "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json");
        OlderFolder.Make(_folder);
        File.WriteAllText(_folder["added_tokens.json"], """{"<cat>": 692}""");
        ClipTokenizer tokenizer = ClipTokenizer.FromFolder(_folder.Path);

        Assert.Equal(693, tokenizer.VocabularySize);
        Assert.Equal(pieces, tokenizer.Encode(text).Pieces.Skip(1).Take(pieces.Length));
    }

    [Fact]
    public void A_word_that_transformers_5_saved_here_alone_is_one_token_where_older_files_supply_the_pieces()
    {
        PairsBesideWords("""{"id": 692, "content": "<Cat>", "normalized": true, "special": false}""");
        ClipTokenizer tokenizer = ClipTokenizer.FromFolder(_folder.Path);
        Assert.Equal(693, tokenizer.VocabularySize);
        Assert.Equal(["a</w>", "<cat>", "b</w>"], tokenizer.Encode("a <CAT> b").Pieces.Skip(1).Take(3));

        // What it says of a token goes before added_tokens.json, which knows no more than the id.
        File.WriteAllText(_folder["added_tokens.json"], """{"<Cat>": 692}""");
        PairsBesideWords("""{"id": 692, "content": "<Cat>", "normalized": false, "special": false}""");
        tokenizer = ClipTokenizer.FromFolder(_folder.Path);
        Assert.Equal(["<Cat>", "<</w>", "cat</w>"], tokenizer.Encode("<Cat> <cat").Pieces.Skip(1).Take(3));
    }

    [Fact]
    public void A_word_that_was_learned_as_several_vectors_is_refused_of_it_too()
    {
        PairsBesideWords("""{"id": 692, "content": "<cat>"}, {"id": 693, "content": "<cat>_1"}""");
        Assert.Contains(
            "learned as several vectors",
            Assert.Throws<BadInputException>(() => ClipTokenizer.FromFolder(_folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Flags_of_an_added_token_count()
    {
        AddedTokenSplitter splitter = new([
            new AddedToken("<a>", 1) { StripsLeft = true, StripsRight = true },
            new AddedToken("cat", 2) { IsWholeWord = true },
            new AddedToken("red dog", 3) { IsNormalized = true },
        ]);

        Assert.Equal(
            ["x", "1: <a> ", "concat ", "2:cat", " ", "3:red dog", "!"],
            splitter.Split(AlignedText.Of("X <a> conCAT cat Red DOG!"), ClipWords.Lower)
                .Select(stretch => stretch.Token is { } token ? $"{token}:{stretch.Text}" : stretch.Text.Text));
    }

    [Theory]
    [InlineData("pre_tokenizer", "null", "its pre_tokenizers are none; CLIP's are Split, ByteLevel")]
    [InlineData("normalizer", "{\"type\": \"Lowercase\"}", "its normalizers are Lowercase; CLIP's are NFC, Replace, Lowercase")]
    [InlineData("model", "null", "has no model")]
    [InlineData("model", "{\"type\": \"WordPiece\"}", "its model is WordPiece; supported are BPE and Unigram")]
    [InlineData("model", "{\"type\": \"BPE\", \"vocab\": []}", "model.vocab has to be an object")]
    [InlineData("model", "{\"type\": \"BPE\", \"vocab\": {\"a\": -1}}", "\"a\" has id -1")]
    [InlineData("model", "{\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [[\"a\"]]}", "model.merges[0] is [\"a\"]")]
    [InlineData("model", "{\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}", "CLIP's has byte pairs")]
    [InlineData("added_tokens", "[{\"content\": \"<cat>\"}]", "added_tokens holds")]
    public void A_file_that_is_not_CLIPs_is_refused(string key, string value, string error)
    {
        _folder.Copy(Folder("clip"), "tokenizer.json", "tokenizer_config.json");
        Edit("tokenizer.json", json => json[key] = JsonNode.Parse(value));

        Refused(() => ClipTokenizer.FromFolder(_folder.Path), error);
    }

    [Theory]
    [InlineData("normalizer", "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"!\"}", "precompiled_charsmap is no base64")]
    [InlineData("normalizer", "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"/////w==\"}", "precompiled_charsmap")]
    [InlineData("normalizer", "{\"type\": \"BertNormalizer\"}", "BertNormalizer")]
    [InlineData("normalizer", "{\"type\": \"Replace\", \"pattern\": {\"Regex\": \"(\"}}", "cannot replace /(/")]
    [InlineData("pre_tokenizer", "{\"type\": \"Metaspace\", \"prepend_scheme\": \"last\"}", "prepend_scheme is last")]
    [InlineData("pre_tokenizer", "{\"type\": \"ByteLevel\"}", "ByteLevel")]
    [InlineData("model", "{\"type\": \"Unigram\", \"vocab\": [[\"a\"]]}", "model.vocab[0]")]
    [InlineData("model", "{\"type\": \"Unigram\", \"vocab\": [[\"a\", 0]]}", "has \"a\" at 0")]
    public void A_file_that_is_not_T5s_is_refused(string key, string value, string error)
    {
        _folder.Copy(Folder("t5"), "tokenizer.json", "tokenizer_config.json");
        Edit("tokenizer.json", json => json[key] = JsonNode.Parse(value));

        Refused(() => T5Tokenizer.FromFolder(_folder.Path), error);
    }

    [Theory]
    [InlineData("{\"type\": \"Metaspace\", \"replacement\": \"▁\", \"add_prefix_space\": true}", "▁a", "▁red")]
    [InlineData("{\"type\": \"Metaspace\", \"replacement\": \"▁\", \"prepend_scheme\": \"never\"}", "a", "▁red")]
    public void T5s_words_begin_as_the_file_says(string step, string first, string second)
    {
        _folder.Copy(Folder("t5"), "tokenizer.json", "tokenizer_config.json");
        Edit("tokenizer.json", json => json["pre_tokenizer"] = new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(JsonNode.Parse(step)),
        });

        Assert.Equal([first, second, "</s>"], T5Tokenizer.FromFolder(_folder.Path).Encode("a red").Pieces.Take(3));
    }

    private static string Folder(string kind) => Reference.PathOf("tokenizers", "json", kind);

    private static JsonElement Expected(string kind)
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Reference.PathOf("tokenizers", "json", "expected.json")));
        return expected.RootElement.GetProperty(kind).GetProperty("cases").Clone();
    }

    private void PairsBesideWords(string words)
    {
        _folder.Copy(SmallVocabulary.Folder("sd1"), "vocab.json", "merges.txt", "tokenizer_config.json");
        OlderFolder.Make(_folder);
        File.WriteAllText(_folder["tokenizer.json"], $$"""{"model": {"type": "of tomorrow"}, "added_tokens": [{{words}}]}""");
    }

    private void Edit(string name, Action<JsonNode> change)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(_folder[name]))!;
        change(json);
        File.WriteAllText(_folder[name], json.ToJsonString());
    }

    private void Refused(Action read, string error)
    {
        BadInputException refusal = Assert.Throws<BadInputException>(read);
        Assert.StartsWith(_folder["tokenizer.json"], refusal.Message, StringComparison.Ordinal);
        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
