using System.Text.Json;
using Lens.Tokenizers;

namespace Lens.Tests.Tokenizers;

/// <summary>
/// OpenAI CLIP's own vocabulary, which is no part of this repository: where its folder lies beside the checkout, all prompts of
/// its reference have to come out with exactly the ids of CLIPTokenizerFast.
/// </summary>
public sealed class TrueVocabularyTests
{
    [SkippableTheory]
    [InlineData("sd1", "ids")]
    [InlineData("sd2", "ids_sd2")]
    public void Every_reference_prompt_has_exactly_the_reference_ids(string family, string expected)
    {
        string? clip = FindReference();
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

    private static string? FindReference()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "reference", "tokenizers", "clip");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
