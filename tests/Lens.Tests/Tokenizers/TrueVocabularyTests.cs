using System.Text.Json;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

/// <summary>
/// OpenAI CLIP's and Google T5's own vocabularies, which are no part of this repository: where their folders lie beside the checkout, all
/// prompts of their references have to come out with exactly the ids of CLIPTokenizerFast and T5Tokenizer.
/// </summary>
public sealed class TrueVocabularyTests
{
    [SkippableTheory]
    [InlineData("sd1", "ids")]
    [InlineData("sd2", "ids_sd2")]
    public void Every_reference_prompt_has_exactly_the_reference_ids(string family, string expected)
    {
        string? clip = FindReference("clip");
        Skip.If(clip is null, "CLIP's vocabulary (shared/reference/tokenizers/clip beside the repository) is not on this machine");
        using TemporaryFolder folder = new();
        folder.Copy(clip, "vocab.json", "merges.txt");
        folder.Copy(Path.Combine(clip, family), "tokenizer_config.json", "special_tokens_map.json");
        ClipTokenizer tokenizer = ClipTokenizer.FromFolder(folder.Path);
        using JsonDocument prompts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(clip, "ids.json")));

        Assert.Equal(428, prompts.RootElement.GetArrayLength());
        Assert.All(prompts.RootElement.EnumerateArray(), prompt =>
            Assert.Equal(
                prompt.GetProperty(expected).EnumerateArray().Select(id => id.GetInt32()),
                tokenizer.Encode(prompt.GetProperty("text").GetString()!).Ids));
    }

    [SkippableTheory]
    [InlineData("t5_v1_1")]
    [InlineData("t5_800")]
    [InlineData("t5_4000")]
    public void Every_reference_prompt_has_exactly_T5s_ids_as_it_is_and_as_IF_prepares_it(string vocabulary)
    {
        string? folder = FindReference(vocabulary);
        Skip.If(folder is null, $"the vocabulary (shared/reference/tokenizers/{vocabulary} beside the repository) is not on this machine");
        T5Tokenizer plain = T5Tokenizer.FromFolder(folder, lowersCase: false), prepares = T5Tokenizer.FromFolder(folder);
        using JsonDocument prompts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "ids.json")));

        Assert.Equal(428, prompts.RootElement.GetArrayLength());
        Assert.All(prompts.RootElement.EnumerateArray(), prompt =>
        {
            string text = prompt.GetProperty("text").GetString()!;
            AssertWrites(plain.Encode(text), "raw");
            AssertWrites(prepares.Encode(text), "if");

            void AssertWrites(TokenizedPrompt encoded, string kind)
            {
                Assert.Equal(prompt.GetProperty($"{kind}_ids").EnumerateArray().Select(id => id.GetInt32()), encoded.Ids);
                Assert.Equal(prompt.GetProperty($"{kind}_mask_ones").GetInt32(), encoded.Mask.Sum());
            }
        });
    }

    private static string? FindReference(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "reference", "tokenizers", name);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
