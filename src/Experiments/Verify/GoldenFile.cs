using System.Text;
using System.Text.Json;
using DiffusionLens;
using Experiments.Files;

namespace Experiments.Verify;

/// <summary>A model's golden file: how the run is made, and a hash for each tensor, in the order of the computation.</summary>
/// <param name="Recipe">The run.</param>
/// <param name="Tensors">The hashes.</param>
internal sealed record GoldenFile(GoldenRecipe Recipe, IReadOnlyList<GoldenTensor> Tensors)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="BadInputException">It is missing or damaged.</exception>
    public static GoldenFile Read(string path)
    {
        if (!Path.Exists(path))
        {
            throw new BadInputException($"{path}: there is no such file; verify --update writes one");
        }

        try
        {
            return JsonSerializer.Deserialize<GoldenFile>(Utf8Text.ReadFile(path), Format)
                ?? throw new BadInputException($"{path}: is no golden file; verify --update writes one");
        }
        catch (JsonException failure)
        {
            throw new BadInputException(
                $"{path}:{(failure.LineNumber ?? 0) + 1}:{(failure.BytePositionInLine ?? 0) + 1}: is no golden file; "
                    + "verify --update writes one",
                failure);
        }
    }

    /// <summary>Writes it, a line a tensor.</summary>
    /// <exception cref="BadInputException">The place cannot be written.</exception>
    public void Write(string path)
    {
        StringBuilder text = new();
        text.Append("{\n\"recipe\": ").Append(JsonSerializer.Serialize(Recipe, Format)).Append(",\n\"tensors\": [\n");
        text.AppendJoin(",\n", Tensors.Select(tensor => JsonSerializer.Serialize(tensor, Format))).Append("\n]\n}\n");
        AtomicFile.WriteText(path, text.ToString());
    }
}
