using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

/// <summary>The template that Qwen-Image's pipeline writes around a prompt, and the rows that it drops of it.</summary>
public sealed class QwenImageTokenizerTests : IDisposable
{
    private static readonly ChatTemplate Template = ChatTemplate.QwenImage;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_text_has_the_ids_and_the_rows_of_the_pipeline_from_files_without_tokenizer_json()
    {
        JsonElement reference = Parsed("qwen_image", "expected", "tokenizer.json");
        Qwen2Tokenizer tokenizer = Tokenizer(reference.GetProperty("max_length").GetInt32());
        Assert.False(File.Exists(Path.Combine(Reference.PathOf("qwen_image", "tokenizer"), "tokenizer.json")));
        Assert.Equal(reference.GetProperty("template").GetString(), Template.Render("{}"));
        Assert.Equal(Ids(reference, "head"), tokenizer.Ids(Template.Before));
        Assert.Equal(reference.GetProperty("start_idx").GetInt32(), Template.Dropped);
        JsonElement[] cases = [.. reference.GetProperty("cases").EnumerateArray()];
        Assert.Equal(50, cases.Length);
        Assert.All(cases, example =>
        {
            string text = example.GetProperty("text").GetString()!;
            TokenizedPrompt encoded = tokenizer.Encode(text);
            Assert.Equal(Ids(example, "ids"), tokenizer.Ids(text));
            Assert.Equal(Ids(example, "template_ids"), encoded.Ids);
            Assert.Equal(Enumerable.Range(34, example.GetProperty("rows").GetInt32()), encoded.Kept);
            Assert.All(encoded.Mask, bit => Assert.Equal(1, bit));
            Assert.Null(encoded.Cut);
            Assert.Equal(example.TryGetProperty("head_differs", out _), !encoded.Ids.Take(34).SequenceEqual(Ids(reference, "head")));
        });
    }

    [Fact]
    public void What_a_position_is_there_for_and_whose_word_it_is_are_as_in_the_reference()
    {
        JsonElement reference = Parsed("qwen_image", "expected", "lens.json");
        Qwen2Tokenizer tokenizer = Tokenizer(1058);
        JsonElement[] texts = [.. reference.GetProperty("texts").EnumerateArray(), .. reference.GetProperty("index_sets").EnumerateArray()];
        Assert.True(texts.Length > 4);
        Assert.All(texts, expected =>
        {
            TokenizedPrompt encoded = tokenizer.Encode(expected.GetProperty("text").GetString()!);
            if (expected.TryGetProperty("input_ids", out _))
            {
                Assert.Equal(Ids(expected, "input_ids"), encoded.Ids);
            }

            Assert.Equal(Ids(expected, "head"), encoded.PositionsOf(TokenRole.Head));
            Assert.Equal(Ids(expected, "prompt"), encoded.PositionsOf(SiteTokens.Prompt));
            Assert.Equal(Ids(expected, "tail"), encoded.PositionsOf(TokenRole.Tail));
            Assert.Equal(Ids(expected, "kept"), new[] { encoded.Kept![0], encoded.Kept[^1] + 1 });
            Assert.Equal(
                expected.GetProperty("words").EnumerateArray().Select(word => $"{word[0].GetString()} {JsonSerializer.Serialize(word[1])}"),
                encoded.Words.Select(word => $"{word.Text} [{string.Join(',', word.Positions)}]"));
        });
    }

    [Fact]
    public void An_overlong_prompt_loses_its_end_and_the_templates()
    {
        JsonElement expected = Parsed("qwen_image", "expected", "tokenizer.json").GetProperty("long");
        string text = string.Concat(Enumerable.Repeat("red circle ", 800));
        TokenizedPrompt encoded = Tokenizer(1058).Encode(text);
        Assert.Equal(expected.GetProperty("ids").GetInt32(), encoded.Ids.Count);
        Assert.Equal(Ids(expected, "last_ids"), encoded.Ids.TakeLast(3));
        Assert.Equal(1024, encoded.Kept!.Count);
        Assert.Equal(1024, encoded.Cut!.Read);
        Assert.Equal(expected.GetProperty("ids_without_limit").GetInt32(), encoded.Cut.All + 34 + 5);
    }

    [Fact]
    public void Of_the_true_vocabulary_prompts_have_the_reference_ids_and_rows()
    {
        JsonElement reference = Parsed("tokenizers", "qwen2", "qwen_image.json");
        Qwen2Tokenizer tokenizer = TrueQwen2.Tokenizer(_folder, 1058, Template, pads: false);
        Assert.Equal(Ids(reference, "head"), tokenizer.Ids(Template.Before));
        JsonElement[] cases = [.. reference.GetProperty("cases").EnumerateArray()];
        Assert.Equal(27, cases.Length);
        Assert.All(cases, example =>
        {
            TokenizedPrompt encoded = tokenizer.Encode(example.GetProperty("text").GetString()!);
            Assert.Equal(Ids(example, "template_ids"), encoded.Ids);
            Assert.Equal(example.GetProperty("rows").GetInt32(), encoded.Kept!.Count);
        });
    }

    [Fact]
    public void A_tokenizer_that_leaves_no_rows_is_refused()
    {
        // Word by word where the true one has 39 tokens: all of it is dropped.
        _folder.Copy(Reference.PathOf("klein", "tokenizer"), "vocab.json", "merges.txt", "added_tokens.json", "tokenizer_config.json");
        OlderFolder.Make(_folder);
        string whole = Template.Render("");
        string vocabulary = File.ReadAllText(_folder["added_tokens.json"]);
        File.WriteAllText(_folder["added_tokens.json"], vocabulary.TrimEnd().TrimEnd('}') + $", {JsonSerializer.Serialize(whole)}: 491}}");
        BadInputException refused = Assert.Throws<BadInputException>(
            () => Qwen2Tokenizer.FromFolder(_folder.Path, 1058, Template, pads: false));
        Assert.Contains(
            "makes 1 tokens of the pipeline's own template, of which the first 34 are dropped", refused.Message, StringComparison.Ordinal);
    }

    private static Qwen2Tokenizer Tokenizer(int length)
        => Qwen2Tokenizer.FromFolder(Reference.PathOf("qwen_image", "tokenizer"), length, Template, pads: false);

    private static JsonElement Parsed(params string[] parts) => ConfigFile.ReadObject(Reference.PathOf(parts));

    private static int[] Ids(JsonElement example, string name)
        => [.. example.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
