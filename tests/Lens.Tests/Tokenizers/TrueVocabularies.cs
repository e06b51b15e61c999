using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

/// <summary>
/// The published vocabularies with the 428 prompts of their references, packed; CLIP's own comes with the library. Folders are unpacked
/// for a test.
/// </summary>
internal static class TrueVocabularies
{
    /// <summary>The prompts of a vocabulary with their ids.</summary>
    public static IReadOnlyList<JsonElement> Prompts(string vocabulary)
    {
        using JsonDocument document = JsonDocument.Parse(Unpacked(Reference.PathOf("tokenizers", vocabulary, "ids.json.gz")));
        JsonElement prompts = document.RootElement.Clone();
        Assert.Equal(428, prompts.GetArrayLength());
        return [.. prompts.EnumerateArray()];
    }

    /// <summary>CLIP's published files, with the configuration of a family (<c>sd1</c>, <c>sd2</c>, <c>sdxl_2</c>).</summary>
    public static void WriteClip(TemporaryFolder folder, string family)
    {
        WriteClipConfig(folder, family);
        File.WriteAllBytes(folder["merges.txt"], EmbeddedClipVocabulary.Merges());
        File.WriteAllText(
            folder["vocab.json"], JsonSerializer.Serialize(ClipVocabulary.Embedded.IdOfPiece), new UTF8Encoding(false));
    }

    /// <summary>The same as <c>tokenizer.json</c> alone, with merges as pairs or as strings.</summary>
    public static void WriteClipJson(TemporaryFolder folder, string family, bool areMergesPairs)
    {
        WriteClipConfig(folder, family);
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(Reference.PathOf("tokenizers", "clip", "tokenizer_without_vocabulary.json")))!;
        json["model"]!["vocab"] = JsonSerializer.SerializeToNode(ClipVocabulary.Embedded.IdOfPiece);
        json["model"]!["merges"] = areMergesPairs
            ? JsonSerializer.SerializeToNode(ClipVocabulary.Embedded.Merges.Select(merge => merge.Split(' ')))
            : JsonSerializer.SerializeToNode(ClipVocabulary.Embedded.Merges);
        File.WriteAllText(folder["tokenizer.json"], json.ToJsonString());
    }

    /// <summary>The named files of a T5 vocabulary.</summary>
    public static void WriteT5(TemporaryFolder folder, string vocabulary, params string[] names)
    {
        foreach (string name in names)
        {
            File.WriteAllBytes(folder[name], Unpacked(Reference.PathOf("tokenizers", vocabulary, $"{name}.gz")));
        }
    }

    private static void WriteClipConfig(TemporaryFolder folder, string family)
        => folder.Copy(Reference.PathOf("tokenizers", "clip", family), "tokenizer_config.json", "special_tokens_map.json");

    private static byte[] Unpacked(string path)
    {
        using FileStream packed = File.OpenRead(path);
        using GZipStream unpacked = new(packed, CompressionMode.Decompress);
        using MemoryStream bytes = new();
        unpacked.CopyTo(bytes);
        return bytes.ToArray();
    }
}
