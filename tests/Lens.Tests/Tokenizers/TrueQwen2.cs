using System.IO.Compression;
using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

/// <summary>Qwen2's true vocabulary, which is packed in the repository.</summary>
internal static class TrueQwen2
{
    /// <summary>Unpacks it into a folder.</summary>
    public static Qwen2Tokenizer Tokenizer(TemporaryFolder folder, int length, ChatTemplate template, bool pads = true)
    {
        string source = Reference.PathOf("tokenizers", "qwen2");
        foreach (string name in new[] { "vocab.json", "merges.txt" })
        {
            using GZipStream packed = new(File.OpenRead(Path.Combine(source, $"{name}.gz")), CompressionMode.Decompress);
            using FileStream unpacked = File.Create(folder[name]);
            packed.CopyTo(unpacked);
        }

        Dictionary<string, int> added = ConfigFile.ReadObject(Path.Combine(source, "added_tokens.json")).EnumerateObject()
            .ToDictionary(token => token.Name, token => token.Value.GetProperty("id").GetInt32());
        File.WriteAllText(folder["added_tokens.json"], JsonSerializer.Serialize(added));
        folder.Copy(Reference.PathOf("zimage", "tokenizer"), "chat_template.jinja");
        File.WriteAllText(folder["tokenizer_config.json"], """{"pad_token": "<|endoftext|>", "tokenizer_class": "Qwen2Tokenizer"}""");
        return Qwen2Tokenizer.FromFolder(folder.Path, length, template, pads);
    }
}
