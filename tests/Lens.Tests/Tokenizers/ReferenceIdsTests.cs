using System.Text.Json;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

public sealed class ReferenceIdsTests
{
    [Theory]
    [InlineData("sd1")]
    [InlineData("sd2")]
    public void Every_awkward_text_has_exactly_the_reference_ids(string family)
    {
        ClipTokenizer tokenizer = ClipTokenizer.FromFolder(SmallVocabulary.Folder(family));
        string expected = Path.Combine(AppContext.BaseDirectory, "reference", family, "expected", "tokenizer.json");
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllBytes(expected));
        int padding = reference.RootElement.GetProperty("pad_token_id").GetInt32();
        int length = reference.RootElement.GetProperty("max_length").GetInt32();

        Assert.Equal(length, tokenizer.ModelMaxLength);
        Assert.Equal(692, tokenizer.VocabularySize);
        Assert.All(reference.RootElement.GetProperty("cases").EnumerateArray(), example =>
        {
            string text = example.GetProperty("text").GetString()!;

            // The slow tokenizer, which made this file, mends text with ftfy, or without it parts ideographs; the fast one does neither.
            bool ideographs = text.Contains('日', StringComparison.Ordinal);
            int[] untruncated = [.. example.GetProperty(ideographs ? "ids" : "ids_without_ftfy").EnumerateArray()
                .Select(id => id.GetInt32())];
            int[] written = untruncated.Length <= length ? untruncated : [.. untruncated.Take(length - 1), SmallVocabulary.End];
            TokenizedPrompt prompt = tokenizer.Encode(text);

            Assert.Equal([.. written, .. Enumerable.Repeat(padding, length - written.Length)], prompt.Ids);
            Assert.Equal(written.Length, prompt.Mask.TakeWhile(one => one == 1).Count());
            Assert.Equal(written.Length, prompt.Mask.Sum());
        });
    }
}
