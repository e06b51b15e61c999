using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

/// <summary>
/// OpenAI CLIP's and Google T5's own vocabularies, and two smaller ones of T5's kind: all prompts of their references have to come out with
/// exactly the ids of the Hugging Face classes.
/// </summary>
public sealed class TrueVocabularyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sd1", "ids")]
    [InlineData("sd2", "ids_sd2")]
    [InlineData("sdxl_2", "ids_sd2")]
    public void Every_prompt_has_exactly_the_ids_of_CLIPTokenizerFast(string family, string expected)
    {
        TrueVocabularies.WriteClip(_folder, family);
        AssertClip(ClipTokenizer.FromFolder(_folder.Path), expected);
    }

    [Theory]
    [InlineData(null, "ids")]
    [InlineData("!", "ids_sd2")]
    public void The_embedded_vocabulary_gives_the_same_ids(string? padding, string expected)
        => AssertClip(ClipTokenizer.Embedded(padding), expected);

    [Theory]
    [InlineData("sd1", "ids", true)]
    [InlineData("sd2", "ids_sd2", false)]
    public void So_does_tokenizer_json_alone_whatever_padding_and_truncation_were_saved_in_it(string family, string expected, bool pairs)
    {
        TrueVocabularies.WriteClipJson(_folder, family, pairs);
        AssertClip(Assert.IsType<ClipTokenizer>(PromptTokenizer.FromFolder(_folder.Path)), expected);
    }

    [Theory]
    [InlineData(null, "ids", "slow")]
    [InlineData("!", "ids_sd2", "slow_sd2")]
    public void Cleaned_by_ftfy_every_prompt_has_exactly_the_ids_of_the_slow_CLIPTokenizer(string? padding, string fast, string slow)
    {
        ClipTokenizer tokenizer = ClipTokenizer.Embedded(padding).With(TextCleaning.Ftfy);
        IReadOnlyList<JsonElement> prompts = TrueVocabularies.Prompts("clip");
        Assert.Equal(49, prompts.Count(prompt => prompt.TryGetProperty(slow, out _)));
        Assert.All(prompts, prompt => Assert.Equal(
            Ids(prompt, prompt.TryGetProperty(slow, out _) ? slow : fast), tokenizer.Encode(prompt.GetProperty("text").GetString()!).Ids));
    }

    [Theory]
    [InlineData("t5_v1_1")]
    [InlineData("t5_800")]
    [InlineData("t5_4000")]
    public void Every_prompt_has_exactly_the_ids_of_T5Tokenizer(string vocabulary)
    {
        TrueVocabularies.WriteT5(_folder, vocabulary, "spiece.model", "tokenizer_config.json", "tokenizer.json");
        AssertT5(vocabulary, T5TokenizerKind.Slow, null, "");
    }

    [Theory]
    [InlineData("t5_v1_1")]
    [InlineData("t5_800")]
    [InlineData("t5_4000")]
    public void And_those_of_T5Tokenizer_that_is_not_legacy(string vocabulary)
    {
        TrueVocabularies.WriteT5(_folder, vocabulary, "spiece.model", "tokenizer_config.json");
        Edit("tokenizer_config.json", config => config["legacy"] = false);
        AssertT5(vocabulary, T5TokenizerKind.SlowNotLegacy, null, "nonlegacy_");
    }

    [Theory]
    [InlineData("t5_v1_1", true)]
    [InlineData("t5_800", true)]
    [InlineData("t5_4000", true)]
    [InlineData("t5_v1_1", false)]
    public void And_those_of_T5TokenizerFast(string vocabulary, bool alone)
    {
        TrueVocabularies.WriteT5(_folder, vocabulary, "tokenizer.json", "tokenizer_config.json");
        if (!alone)
        {
            TrueVocabularies.WriteT5(_folder, vocabulary, "spiece.model");
        }

        AssertT5(vocabulary, T5TokenizerKind.Fast, alone ? null : "T5TokenizerFast", "fast_");
    }

    [Theory]
    [InlineData("t5_v1_1")]
    [InlineData("t5_800")]
    [InlineData("t5_4000")]
    public void Converted_from_its_pieces_it_gives_the_same(string vocabulary)
    {
        TrueVocabularies.WriteT5(_folder, vocabulary, "spiece.model", "tokenizer_config.json");
        AssertT5(vocabulary, T5TokenizerKind.Fast, "T5TokenizerFast", "fast_");
    }

    [Theory]
    [InlineData("t5_v1_1")]
    [InlineData("t5_800")]
    public void And_those_with_a_space_before_the_whole_text_alone_which_FLUX_publishes(string vocabulary)
    {
        TrueVocabularies.WriteT5(_folder, vocabulary, "tokenizer.json", "tokenizer_config.json");
        Edit("tokenizer.json", json => json["pre_tokenizer"]!["prepend_scheme"] = "first");
        AssertT5(vocabulary, T5TokenizerKind.Fast, null, "fast_first_", "fast_");
    }

    private void AssertT5(string vocabulary, T5TokenizerKind kind, string? className, params string[] keys)
    {
        T5Tokenizer plain = T5Tokenizer.FromFolder(_folder.Path, lowersCase: false, className: className);
        T5Tokenizer prepares = T5Tokenizer.FromFolder(_folder.Path, className: className);
        Assert.Equal(kind, plain.Kind);
        Assert.All(TrueVocabularies.Prompts(vocabulary), prompt =>
        {
            string text = prompt.GetProperty("text").GetString()!;
            AssertWrites(plain.Encode(text), "raw");
            AssertWrites(prepares.Encode(text), "if");

            void AssertWrites(TokenizedPrompt encoded, string form)
            {
                string key = keys.Append("").First(key => prompt.TryGetProperty($"{form}_{key}ids", out _));
                Assert.Equal(Ids(prompt, $"{form}_{key}ids"), encoded.Ids);
                Assert.Equal(prompt.GetProperty($"{form}_{key}mask_ones").GetInt32(), encoded.Mask.Sum());
            }
        });
    }

    private static void AssertClip(ClipTokenizer tokenizer, string expected)
        => Assert.All(TrueVocabularies.Prompts("clip"), prompt =>
            Assert.Equal(Ids(prompt, expected), tokenizer.Encode(prompt.GetProperty("text").GetString()!).Ids));

    private static IEnumerable<int> Ids(JsonElement prompt, string key)
        => prompt.GetProperty(key).EnumerateArray().Select(id => id.GetInt32());

    private void Edit(string name, Action<JsonNode> change)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(_folder[name]))!;
        change(json);
        File.WriteAllText(_folder[name], json.ToJsonString());
    }
}
