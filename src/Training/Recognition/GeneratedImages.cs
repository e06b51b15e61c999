using System.Globalization;
using DiffusionLens;
using DiffusionLens.Weights;
using MiniWorld;
using MiniWorld.Scenes;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Recognition;

/// <summary>A model's images of captions that the training may see, as the command <c>generate</c> leaves them.</summary>
/// <param name="Pixels"><c>[N, 3, 64, 64]</c> uint8.</param>
/// <param name="Seed">Of the scenes: image i is of the caption of scene i of that seed.</param>
internal sealed record GeneratedImages(Tensor Pixels, ulong Seed)
{
    private const string PixelsName = "pixels", SeedName = "scene_seed";

    /// <summary>The scenes whose captions a file of that seed shows.</summary>
    public static SceneSampler Scenes(Lexicon lexicon, ulong seed) => new(lexicon, PairRule.Seen, seed);

    /// <exception cref="BadInputException">It is none of these files.</exception>
    public static GeneratedImages Read(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Entries.ContainsKey(PixelsName) && file.Metadata.TryGetValue(SeedName, out string? seed)
            ? new(file.Read(PixelsName), ulong.Parse(seed, CultureInfo.InvariantCulture))
            : throw new BadInputException($"{path}: not written by `generate`: no {PixelsName}, or no {SeedName} in its metadata");
    }

    public void Write(string path) => SafetensorsWriter.Write(
        path,
        new Dictionary<string, Tensor> { [PixelsName] = Pixels },
        new Dictionary<string, string> { [SeedName] = Seed.ToString(CultureInfo.InvariantCulture) });
}
