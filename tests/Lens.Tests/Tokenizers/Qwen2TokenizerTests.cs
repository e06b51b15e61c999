using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

public sealed class Qwen2TokenizerTests : IDisposable
{
    private static readonly string[] Parts =
        ["vocab.json", "merges.txt", "added_tokens.json", "tokenizer_config.json", "special_tokens_map.json"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_the_true_vocabulary_every_prompt_has_the_reference_ids_as_it_stands_and_in_its_template()
    {
        Qwen2Tokenizer tokenizer = TrueTokenizer(ChatTemplate.NotThinking);
        JsonElement template = Parsed("tokenizers", "qwen2", "template.json");
        JsonElement[] prompts = [.. Parsed("tokenizers", "qwen2", "ids.json").EnumerateArray()];
        int[] prefix = Ids(template, "prefix"), suffix = [.. Ids(template, "suffix"), .. Ids(template, "no_thinking")];

        Assert.Equal(151_669, tokenizer.VocabularySize);
        Assert.Equal(448, prompts.Length);
        Assert.All(prompts, prompt =>
        {
            string text = prompt.GetProperty("text").GetString()!;
            int[] ids = Ids(prompt, "ids");
            Assert.Equal(ids, tokenizer.Ids(text));
            int[] rendered = prompt.TryGetProperty("template_ids", out _) ? Ids(prompt, "template_ids") : [.. prefix, .. ids, .. suffix];
            TokenizedPrompt encoded = tokenizer.Encode(text);
            Assert.Equal(rendered.Take(512).Concat(Enumerable.Repeat(151_643, Math.Max(0, 512 - rendered.Length))), encoded.Ids);
            Assert.Equal(Math.Min(rendered.Length, 512), encoded.Mask.Sum());
        });
    }

    [Theory]
    [InlineData("klein", false)]
    [InlineData("zimage", false)]
    [InlineData("klein", true)]
    public void Every_text_has_the_ids_of_its_pipeline_from_either_kind_of_files(string model, bool fromParts)
    {
        string folder = Reference.PathOf(model, "tokenizer");
        if (fromParts)
        {
            _folder.Copy(folder, Parts);
            folder = _folder.Path;
        }

        JsonElement reference = Parsed(model, "expected", "tokenizer.json");
        ChatTemplate template = reference.GetProperty("thinking").GetBoolean() ? ChatTemplate.Thinking : ChatTemplate.NotThinking;
        Qwen2Tokenizer tokenizer = Qwen2Tokenizer.FromFolder(folder, reference.GetProperty("max_length").GetInt32(), template);
        Assert.All(reference.GetProperty("cases").EnumerateArray(), example =>
        {
            string text = example.GetProperty("text").GetString()!;
            TokenizedPrompt encoded = tokenizer.Encode(text);
            Assert.Equal(Ids(example, "ids"), tokenizer.Ids(text));
            Assert.Equal(Ids(example, "template_ids"), tokenizer.Ids(template.Render(text)));
            Assert.Equal(Ids(example, "padded"), encoded.Ids);
            Assert.Equal(example.GetProperty("mask_ones").GetInt32(), encoded.Mask.Sum());
        });
        JsonElement row = reference.GetProperty("row_512"), rendered = reference.GetProperty("rendered");
        Assert.Equal(
            Ids(row, "padded"),
            Qwen2Tokenizer.FromFolder(folder, Qwen2Tokenizer.PipelineLength, template).Encode(row.GetProperty("prompt").GetString()!).Ids);
        Assert.Equal(
            (rendered.GetProperty("thinking").GetString(), rendered.GetProperty("no_thinking").GetString()),
            (ChatTemplate.Thinking.Render(rendered.GetProperty("prompt").GetString()!),
                ChatTemplate.NotThinking.Render(rendered.GetProperty("prompt").GetString()!)));
    }

    [Fact]
    public void A_folder_is_known_for_Qwen2s_and_gives_every_text_as_it_stands()
    {
        PromptTokenizer tokenizer = PromptTokenizer.FromFolder(Reference.PathOf("klein", "tokenizer"));
        Assert.IsType<Qwen2Tokenizer>(tokenizer);
        Assert.Equal((512, 491), (tokenizer.ModelMaxLength, tokenizer.VocabularySize));
        Assert.Equal(0, tokenizer.Encode("").Mask.Sum());
    }

    [Fact]
    public void A_word_of_a_megabyte_takes_no_longer_than_a_moment()
    {
        Qwen2Tokenizer tokenizer = Qwen2Tokenizer.FromFolder(Reference.PathOf("klein", "tokenizer"));
        Stopwatch watch = Stopwatch.StartNew();
        Assert.InRange(tokenizer.Ids(new string('a', 1 << 20)).Count(), 1, 1 << 20);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }

    [Theory]
    [InlineData("'ſo I'S it'LL", "'ſ|o| I|'S| it|'LL")]
    [InlineData("a\u0338 b \n\n  c", "a|\u0338| b| \n\n| | c")]
    [InlineData("12 ab3", "1|2| ab|3")]
    [InlineData("𠮷野 𝓗!\n.x", "𠮷野| 𝓗|!\n|.x")]
    [InlineData("  \t", "  \t")]
    [InlineData("\u00a0x\u0085\r\n y", "\u00a0x|\u0085\r\n| y")]
    public void Words_end_where_the_pattern_ends_them(string text, string words)
        => Assert.Equal(words.Split('|'), Qwen2Words.Split(AlignedText.Of(text)).Select(word => word.Text));

    [Theory]
    [InlineData("merges.txt", "\na r\n", "\na  r\n", "merges.txt:2: \"a  r\" is no merge")]
    [InlineData("merges.txt", "\na r\n", "\na rq\n", "merges.txt:2: \"rq\" is not in the vocabulary")]
    [InlineData("merges.txt", "\na r\n", "\na r\na r\n", "merges.txt:3: \"a r\" comes a second time")]
    [InlineData("vocab.json", "\"!\":0", "\"!!!\":0", "lacks some of the 256 bytes")]
    [InlineData("vocab.json", "\"!\":0", "\"!\":1", "both have id 1")]
    [InlineData("added_tokens.json", "490", "491", "gives \"</think>\" the id 491")]
    [InlineData("tokenizer_config.json", "\"pad_token\": \"<|endoftext|>\"", "\"padding_side\": \"left\"", "padding_side")]
    [InlineData("tokenizer_config.json", "<|im_start|>' ~", "<|start|>' ~", "")]
    [InlineData("tokenizer_config.json", "enable_thinking", "thinks", "its chat template has no enable_thinking")]
    [InlineData("tokenizer_config.json", "chat_template", "template", "has no chat template")]
    public void What_is_wrong_with_a_folder_is_named(string file, string right, string wrong, string error)
    {
        _folder.Copy(Reference.PathOf("klein", "tokenizer"), Parts);
        string text = File.ReadAllText(_folder[file]);
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(_folder[file], text.Replace(right, wrong, StringComparison.Ordinal));
        if (error == "")
        {
            // The name of an added token still stands elsewhere in the file, but not in the template.
            error = "its chat template has no <|im_start|>";
            string template = File.ReadAllText(_folder[file]);
            File.WriteAllText(_folder[file], template.Replace("'<|im_start|>assistant", "'assistant", StringComparison.Ordinal));
        }

        BadInputException refused = Assert.Throws<BadInputException>(
            () => Qwen2Tokenizer.FromFolder(_folder.Path, 40, ChatTemplate.NotThinking));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"NFC\"", "\"NFKC\"", "its normalizer is NFKC")]
    [InlineData("|\\\\p{N}|", "|\\\\p{N}{1,3}|", "cuts text by")]
    [InlineData("\"merges\"", "\"merge\"", "model.merges has to be a list")]
    public void A_tokenizer_of_another_arrangement_is_refused(string right, string wrong, string error)
    {
        _folder.Copy(Reference.PathOf("klein", "tokenizer"), [.. Parts, "tokenizer.json"]);
        string text = File.ReadAllText(_folder["tokenizer.json"]);
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(_folder["tokenizer.json"], text.Replace(right, wrong, StringComparison.Ordinal));
        BadInputException refused = Assert.Throws<BadInputException>(() => Qwen2Tokenizer.FromFolder(_folder.Path));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    private Qwen2Tokenizer TrueTokenizer(ChatTemplate template)
    {
        string source = Reference.PathOf("tokenizers", "qwen2");
        foreach (string name in new[] { "vocab.json", "merges.txt" })
        {
            using GZipStream packed = new(File.OpenRead(Path.Combine(source, $"{name}.gz")), CompressionMode.Decompress);
            using FileStream unpacked = File.Create(_folder[name]);
            packed.CopyTo(unpacked);
        }

        Dictionary<string, int> added = Parsed("tokenizers", "qwen2", "added_tokens.json").EnumerateObject()
            .ToDictionary(token => token.Name, token => token.Value.GetProperty("id").GetInt32());
        File.WriteAllText(_folder["added_tokens.json"], JsonSerializer.Serialize(added));
        _folder.Copy(Reference.PathOf("zimage", "tokenizer"), "chat_template.jinja");
        File.WriteAllText(_folder["tokenizer_config.json"], """{"pad_token": "<|endoftext|>", "tokenizer_class": "Qwen2Tokenizer"}""");
        return Qwen2Tokenizer.FromFolder(_folder.Path, Qwen2Tokenizer.PipelineLength, template);
    }

    private static JsonElement Parsed(params string[] parts)
        => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Reference.PathOf(parts)));

    private static int[] Ids(JsonElement example, string name)
        => [.. example.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
