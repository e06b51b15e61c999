using System.Text.Json;
using DiffusionLens.Families;
using DiffusionLens.Weights;
using DiffusionLens.Weights.SingleFiles;

namespace Fuzz.Readers;

/// <summary>Files of tensors.</summary>
internal static class WeightReaders
{
    private const string Sharded = "tests/Lens.Tests/reference/klein/text_encoder_sharded_bf16";

    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        new("safetensors", [new("model.safetensors", Heads())], ReadFile),
        new(
            "sharded-index",
            [
                new("model.safetensors.index.json", [Repository.Read($"{Sharded}/model.safetensors.index.json")]),
                new("model-00003-of-00004.safetensors", [Repository.ReadHead($"{Sharded}/model-00003-of-00004.safetensors")]),
            ],
            folder => WeightFiles.Open(folder).Dispose())
        {
            Beside = Repository.At(Sharded),
        },
        new(
            "single-file",
            [new("model.safetensors", [SingleFile("sd1"), SingleFile("sd2"), SingleFile("sdxl")])],
            folder => ModelFamily.Inspect(
                [Path.Combine(folder, "model.safetensors")],
                variant: null,
                new SingleFileOptions(ConfigFolder: Repository.Reference("sd1")))),
        new("pickle", [new("model.ckpt", [new([0x50, 0x4B, 3, 4, 20, 0]), new([0x80, 2, 0x7D]), new("GGUF"u8.ToArray())])], ReadCheckpoint),
        new("digest-cache", [new(".digests.json", [Digests()])], folder => DigestCache.Load(Path.Combine(folder, ".digests.json"))),
    ];

    private static Content[] Heads() =>
    [
        Repository.ReadHead("tests/Lens.Tests/reference/folders/lora_alone/pytorch_lora_weights.safetensors"),
        Repository.ReadHead("tests/Lens.Tests/reference/folders/textual_inversion/learned_embeds.safetensors"),
        Repository.ReadHead("tests/Lens.Tests/reference/folders/controlnet/diffusion_pytorch_model.safetensors"),
        Repository.ReadHead("tests/Lens.Tests/reference/folders/unet_alone/diffusion_pytorch_model.safetensors"),
    ];

    private static void ReadFile(string folder)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors"));
        TensorNames.Diagnosis(file);
        foreach (TensorEntry entry in file.Entries.Values.Where(entry => entry.ByteCount < 1 << 20))
        {
            file.Sha256Of(entry.Name);
        }
    }

    private static void ReadCheckpoint(string folder)
    {
        try
        {
            CheckpointFile.Read(Path.Combine(folder, "model.ckpt"));
        }
        catch (DiffusionLens.BadInputException)
        {
            // Pickles are refused, whole ones too.
        }
    }

    private static Content SingleFile(string name)
    {
        using JsonDocument map = JsonDocument.Parse(File.ReadAllBytes(Repository.Reference($"single_file/{name}.json")));
        long offset = 0;
        Dictionary<string, object> header = [];
        foreach (JsonProperty tensor in map.RootElement.GetProperty("tensors").EnumerateObject())
        {
            long[] shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            long bytes = shape.Aggregate(2L, (product, size) => product * size);
            header.Add(tensor.Name, new { dtype = "F16", shape, data_offsets = new[] { offset, offset += bytes } });
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        return new Content([.. BitConverter.GetBytes((long)json.Length), .. json], offset);
    }

    private static Content Digests()
    {
        string digest = new('a', 64);
        return new Content(JsonSerializer.SerializeToUtf8Bytes(new
        {
            Version = 1,
            Files = new Dictionary<string, object>
            {
                ["/a"] = new { Size = 5, Changed = 7, Tensors = new { x = digest } },
                ["/b"] = new { Size = 0, Changed = 0, Tensors = new { } },
            },
        }));
    }
}
