using System.Text.Json;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>The instructions of SANA's reference.</summary>
internal static class TestInstruction
{
    private static readonly JsonElement Expected
        = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Reference.PathOf("sana", "expected", "tokenizer.json")));

    /// <summary>The pipeline's own, spelled by the reference's ids.</summary>
    public static string Pipelines { get; } = Spelled(Expected.GetProperty("instruction").GetProperty("ids"));

    /// <summary>The reference's short one.</summary>
    public static string Own { get; } = string.Join(
        '\n', Expected.GetProperty("own").GetProperty("lines").EnumerateArray().Select(line => line.GetString()));

    private static string Spelled(JsonElement ids)
    {
        Dictionary<int, string> pieces = TokenizerJson.Read(Reference.PathOf("sana", "tokenizer")).Vocabulary
            .ToDictionary(piece => piece.Value, piece => piece.Key);
        return string.Concat(ids.EnumerateArray().Skip(1).Select(id => pieces[id.GetInt32()]))
            .Replace('▁', ' ');
    }
}
