using System.Text.Json;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Folders;

/// <summary>The reference's folders with a <c>tokenizer.json</c> and a config, as fast tokenizers and transformers 5 save them.</summary>
public sealed class TokenizerJsonTests
{
    [Theory]
    [InlineData("clip")]
    [InlineData("t5")]
    public void A_tokenizer_json_alone_gives_the_ids_of_the_fast_tokenizer_padded_and_cut(string kind)
    {
        JsonElement expected = JsonDocument.Parse(File.ReadAllText(Reference.PathOf("folders", "expected", "tokenizers.json")))
            .RootElement.GetProperty(kind);
        string folder = Reference.PathOf("folders", "tokenizer_json", kind);
        int length = expected.GetProperty("max_length").GetInt32();
        PromptTokenizer tokenizer = kind == "t5"
            ? T5Tokenizer.FromFolder(folder, length, lowersCase: false)
            : PromptTokenizer.FromFolder(folder);
        Assert.Equal(length, tokenizer.ModelMaxLength);
        foreach (JsonElement example in expected.GetProperty("cases").EnumerateArray())
        {
            string text = example.GetProperty("text").GetString()!;
            int[] ids = [.. example.GetProperty("padded").EnumerateArray().Select(id => id.GetInt32())];
            Assert.True(ids.SequenceEqual(tokenizer.Encode(text).Ids), text);
        }
    }
}
