using System.Diagnostics;
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
        Qwen2Tokenizer tokenizer = TrueQwen2.Tokenizer(_folder, Qwen2Tokenizer.PipelineLength, ChatTemplate.NotThinking);
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
    [InlineData("merges.txt", "\na r\n", "\n \r\na  r\n", "merges.txt:3: \"a  r\" is no merge")]
    [InlineData("merges.txt", "\na r\n", "\na rq\n", "merges.txt:2: \"rq\" is not in the vocabulary")]
    [InlineData("merges.txt", "\na r\n", "\na r\na r\n", "merges.txt:3: \"a r\" comes a second time")]
    [InlineData("vocab.json", "\"!\":0", "\"!!!\":0", "lacks some of the 256 bytes")]
    [InlineData("vocab.json", "\"!\":0", "\"!\":1", "both have id 1")]
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

    [Fact]
    public void Two_files_that_give_a_token_two_ids_are_refused()
    {
        _folder.Copy(Reference.PathOf("klein", "tokenizer"), [.. Parts, "tokenizer.json"]);
        OlderFolder.Make(_folder);
        string added = File.ReadAllText(_folder["added_tokens.json"]);
        File.WriteAllText(_folder["added_tokens.json"], added.Replace("490", "491", StringComparison.Ordinal));
        BadInputException refused = Assert.Throws<BadInputException>(() => Qwen2Tokenizer.FromFolder(_folder.Path));
        Assert.Contains("gives \"</think>\" the id 491", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Older_files_count_only_where_the_config_lists_no_tokens()
    {
        _folder.Copy(Reference.PathOf("klein", "tokenizer"), Parts);
        File.WriteAllText(_folder["special_tokens_map.json"], """{"pad_token": "<|im_end|>"}""");
        File.WriteAllText(_folder["added_tokens.json"], """{"<|endoftext|>": 486, "<|im_end|>": 488, "<cat>": 491}""");
        Assert.Equal(("<|endoftext|>", 491), Read());
        OlderFolder.Make(_folder);
        Assert.Equal(("<|im_end|>", 492), Read());

        (string Padding, int VocabularySize) Read()
        {
            Qwen2Tokenizer tokenizer = Qwen2Tokenizer.FromFolder(_folder.Path);
            return (tokenizer.Encode("").Pieces[^1], tokenizer.VocabularySize);
        }
    }

    [Fact]
    public void A_role_that_the_config_of_today_leaves_out_is_the_classs_own()
    {
        _folder.Copy(Reference.PathOf("klein", "tokenizer"), Parts);
        File.WriteAllText(_folder["special_tokens_map.json"], """{"pad_token": "<|im_end|>"}""");
        string config = File.ReadAllText(_folder["tokenizer_config.json"]);
        File.WriteAllText(_folder["tokenizer_config.json"], config.Replace("\"pad_token\"", "\"pad\"", StringComparison.Ordinal));
        Assert.Equal("<|endoftext|>", Qwen2Tokenizer.FromFolder(_folder.Path).Encode("").Pieces[^1]);
    }

    [Fact]
    public void Blank_lines_of_merges_change_nothing()
    {
        _folder.Copy(Reference.PathOf("klein", "tokenizer"), Parts);
        int[] before = [.. Qwen2Tokenizer.FromFolder(_folder.Path).Ids("a red car and a dog")];
        string merges = File.ReadAllText(_folder["merges.txt"]).Replace("\na r\n", "\n\na r\n \n", StringComparison.Ordinal);
        File.WriteAllText(_folder["merges.txt"], merges.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n\r\n");
        Assert.Equal(before, Qwen2Tokenizer.FromFolder(_folder.Path).Ids("a red car and a dog"));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 5)]
    public void Of_a_prompt_no_fewer_than_no_tokens_are_read_whatever_its_template_takes(int length, int written)
    {
        TokenizedPrompt cut = Qwen2Tokenizer
            .FromFolder(Reference.PathOf("klein", "tokenizer"), length, ChatTemplate.NotThinking).Encode("a red car");
        Assert.Equal(written, cut.Mask.Sum());
        Assert.Equal((Math.Max(0, length - 3), length > 3 ? "car" : "a red car"), (cut.Cut!.Read, cut.Cut.Unread));
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

    private static JsonElement Parsed(params string[] parts)
        => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Reference.PathOf(parts)));

    private static int[] Ids(JsonElement example, string name)
        => [.. example.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
