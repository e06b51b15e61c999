using DiffusionLens;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using Experiments.Models;

namespace Fuzz.Readers;

/// <summary>
/// Whole models, as <c>inspect</c> and <c>run</c> look at them before anything is loaded: index, configs, heads of weights, how they fit
/// each other.
/// </summary>
internal static class ModelReaders
{
    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        Model("sd-model", "folders/base"),
        Model("sd3-model", "later/sd3", "expected", "expected_double") with { Added = [Pieces("tokenizer_3")] },
        Model("flux-model", "later/flux", "expected", "expected_double", "transformer_with_guidance") with
        {
            Added = [Pieces("tokenizer_2")],
        },
        Model("klein-model", "klein", "expected", "expected_double", "text_encoder_sharded_bf16"),
        Model("zimage-model", "zimage", "expected", "expected_double"),
        Model("qwen-image-model", "qwen_image", "expected", "expected_double"),
        Model("pixart-model", "pixart", "expected", "expected_double", "transformer_alpha"),
        Model("sana-model", "sana", "expected", "expected_double", "transformer_later"),
        Model("sdxl-model", "later/sdxl", "expected", "expected_double"),
        Model("if-model", "if", "expected", "expected_double"),
        new(
            "stray-folder",
            [
                new("config.json", [Repository.Read("tests/Lens.Tests/reference/folders/controlnet/config.json")]),
                new(
                    "diffusion_pytorch_model.safetensors",
                    [Repository.ReadHead("tests/Lens.Tests/reference/folders/controlnet/diffusion_pytorch_model.safetensors")]),
            ],
            folder => Refused(() => ModelInfo.Read(folder))),
    ];

    private static FuzzedReader Model(string name, string path, params string[] leftOut)
    {
        string folder = Repository.Reference(path);
        string[] files =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file))
                .Where(file => !leftOut.Contains(file.Split('/')[0]))
                .Order(StringComparer.Ordinal),
        ];

        // Tokenizers have readers of their own; here they are as they should be.
        FuzzedFile[] mutated =
        [
            .. from file in files
               where Path.GetExtension(file) is ".json" or ".safetensors" && !file.Contains("tokenizer", StringComparison.Ordinal)
               select new FuzzedFile(file, [Path.GetExtension(file) == ".json"
                   ? new Content(File.ReadAllBytes(Path.Combine(folder, file)))
                   : Repository.ReadHead(Path.Combine(folder, file))]),
        ];
        return new FuzzedReader(name, mutated, Look) { Beside = folder, LeftOut = leftOut, Share = 0.1 };
    }

    // Test data has T5's vocabulary once.
    private static FuzzedFile Pieces(string tokenizer)
        => new($"{tokenizer}/spiece.model", [Repository.Read("tests/Lens.Tests/reference/if/stage_I/tokenizer/spiece.model")]);

    private static void Look(string folder)
    {
        ModelInspection found = ModelFamily.Inspect([folder], variant: null);
        ModelInfo info = ModelInfo.Read(folder);
        MemoryNeedOf(folder);
        if (found.Errors.Count > 0)
        {
            throw new BadInputException(found.Errors[0]);
        }

        _ = info.LayerCount;
    }

    private static void MemoryNeedOf(string folder) => ModelFamily.Of([folder]).Require([folder], maxSequenceLength: null);

    private static void Refused(Action read)
    {
        try
        {
            read();
        }
        catch (BadInputException)
        {
            // It is no model.
        }
    }
}
