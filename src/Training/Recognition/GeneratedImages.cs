using System.Globalization;
using DiffusionLens;
using DiffusionLens.Weights;
using MiniWorld;
using MiniWorld.Scenes;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Recognition;

/// <summary>A model's images of captions, as the command <c>generate</c> leaves them.</summary>
/// <param name="Pixels"><c>[N, 3, 64, 64]</c> uint8.</param>
/// <param name="OfLastLayer"><c>[N]</c> bool: whether an image is of the last layer, and not of an earlier one.</param>
/// <param name="Numbers"><c>[N]</c> int64: image i is of the caption of the scene of that number.</param>
/// <param name="Pairs">Whether the captions have held-out pairs of words.</param>
/// <param name="Seed">Of the scenes.</param>
internal sealed record GeneratedImages(Tensor Pixels, Tensor OfLastLayer, Tensor Numbers, PairRule Pairs, ulong Seed)
{
    private const string PixelsName = "pixels", LayersName = "of_last_layer", NumbersName = "scenes";
    private const string SeedName = "scene_seed", PairsName = "pairs";

    /// <summary>The scenes whose captions were drawn, image by image.</summary>
    public Scene[] Scenes(Lexicon lexicon)
    {
        SceneSampler sampler = new(lexicon, Pairs, Seed);
        return [.. Numbers.data<long>().Select(number => sampler.At((ulong)number))];
    }

    /// <exception cref="BadInputException">It is none of these files.</exception>
    public static GeneratedImages Read(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Entries.ContainsKey(PixelsName) && file.Entries.ContainsKey(LayersName) && file.Entries.ContainsKey(NumbersName)
            && file.Metadata.TryGetValue(SeedName, out string? seed) && file.Metadata.TryGetValue(PairsName, out string? pairs)
            ? new(
                file.Read(PixelsName),
                file.Read(LayersName),
                file.Read(NumbersName),
                Enum.Parse<PairRule>(pairs),
                ulong.Parse(seed, CultureInfo.InvariantCulture))
            : throw new BadInputException(
                $"{path}: not written by `generate`, which leaves {PixelsName}, {LayersName} and {NumbersName}, "
                    + $"and {SeedName} and {PairsName} in the metadata");
    }

    public void Write(string path) => SafetensorsWriter.Write(
        path,
        new Dictionary<string, Tensor> { [PixelsName] = Pixels, [LayersName] = OfLastLayer, [NumbersName] = Numbers },
        new Dictionary<string, string>
        {
            [SeedName] = Seed.ToString(CultureInfo.InvariantCulture),
            [PairsName] = Pairs.ToString(),
        });
}
