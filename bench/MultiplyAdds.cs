using System.Globalization;
using System.Text.RegularExpressions;
using DiffusionLens.Weights;

namespace Bench;

/// <summary>
/// Multiply-adds of convolutions and linear layers, counted from the names and shapes of a part's weights: a weight is used once at every
/// place of its level. Products of attention, which are few at these sizes, are left out.
/// </summary>
internal static partial class MultiplyAdds
{
    /// <summary>One pass of the UNet for one sample, with the text's keys and values projected beforehand.</summary>
    /// <param name="folder">The UNet's folder.</param>
    /// <param name="latentArea">Places of the latents: height · width.</param>
    public static double OfUNet(string folder, double latentArea)
        => Count(folder, "", latentArea, name => name.Contains(".attn2.to_k") || name.Contains(".attn2.to_v"));

    /// <summary>One decoding of one image.</summary>
    /// <param name="folder">The autoencoder's folder.</param>
    /// <param name="pixelArea">Pixels of the image.</param>
    public static double OfDecoder(string folder, double pixelArea) => Count(folder, "decoder.", pixelArea, _ => false);

    private static double Count(string folder, string prefix, double finestArea, Func<string, bool> isLeftOut)
    {
        using WeightFiles weights = WeightFiles.Open(folder);
        TensorEntry[] used = [.. weights.Entries
            .Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal) && entry.Shape.Count >= 2 && !isLeftOut(entry.Name))];
        int levels = used.Select(entry => Block().Match(entry.Name)).Where(match => match.Success).Max(NumberOf) + 1;
        return used.Sum(entry => entry.Shape.Aggregate(1.0, (product, size) => product * size) * Places(entry.Name, levels, finestArea));
    }

    private static double Places(string name, int levels, double finestArea)
    {
        if (name.Contains("time_emb"))
        {
            return 1;
        }

        Match block = Block().Match(name);
        int number = block.Success ? NumberOf(block) : 0;
        int level = name.Contains("mid_block") || name.Contains("decoder.conv_in") ? levels - 1
            : !block.Success ? 0
            : block.Groups["way"].Value == "down" ? number + (name.Contains("downsamplers") ? 1 : 0)
            : levels - 1 - number - (name.Contains("upsamplers") ? 1 : 0);
        return finestArea / Math.Pow(4, level);
    }

    private static int NumberOf(Match block) => int.Parse(block.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<way>down|up)_blocks\.(?<number>\d+)\.")]
    private static partial Regex Block();
}
