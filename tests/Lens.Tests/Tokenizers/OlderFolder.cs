using System.Text.Json.Nodes;

namespace DiffusionLens.Tests.Tokenizers;

/// <summary>A tokenizer's folder as transformers wrote it before 4.34: its config lists no added tokens.</summary>
internal static class OlderFolder
{
    public static void Make(TemporaryFolder folder)
    {
        string path = folder["tokenizer_config.json"];
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        Assert.True(config.Remove("added_tokens_decoder"));
        File.WriteAllText(path, config.ToJsonString());
    }
}
