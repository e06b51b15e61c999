using System.Globalization;
using System.Text.RegularExpressions;
using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench;

/// <summary>
/// One shape of layer, how often a network has it, and what it takes. Together they are the bound of a network's parts: each layer's work
/// at the best rate that its shape reaches by any way. Norms, activations and sums, which no way makes much faster, are left out.
/// </summary>
/// <param name="Kind">Convolution, linear map or attention.</param>
/// <param name="Inputs">Channels that come in; of attention the width of a head.</param>
/// <param name="Outputs">Channels that go out; of attention the heads.</param>
/// <param name="Kernel">Side of the kernel; of attention how many keys, 0 for as many as queries.</param>
/// <param name="Side">Side of the map.</param>
internal sealed partial record LayerWork(LayerWork.Kinds Kind, long Inputs, long Outputs, long Kernel, long Side)
{
    public enum Kinds
    {
        Convolution,
        Linear,
        Attention,
    }

    private long Places => Side * Side;

    /// <summary>Floating-point operations of one sample.</summary>
    public double Operations => Kind == Kinds.Attention
        ? 4.0 * Outputs * Places * Keys * Inputs
        : 2.0 * Inputs * Outputs * Places * (Kind == Kinds.Convolution ? Kernel * Kernel : 1);

    private long Keys => Kernel == 0 ? Places : Kernel;

    /// <summary>The layers of a UNet or a decoder, each shape with its count, from the names and shapes of its parameters.</summary>
    /// <param name="parameters">Its weights.</param>
    /// <param name="prefix">What their names start with.</param>
    /// <param name="side">Of its finest map.</param>
    /// <param name="headWidth">Of its attention; 0: one head.</param>
    /// <param name="textRows">Of the text; 0: none.</param>
    public static IReadOnlyDictionary<LayerWork, int> Of(
        IEnumerable<(string Name, long[] Shape)> parameters, string prefix, long side, int headWidth, int textRows)
    {
        (string Name, long[] Shape)[] weights = [.. parameters
            .Where(weight => weight.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Where(weight => weight.Shape.Length >= 2 && !IsOfTime(weight.Name))];
        int levels = weights.Select(weight => Block().Match(weight.Name)).Where(match => match.Success).Max(NumberOf) + 1;
        return weights.SelectMany(weight => Layers(weight.Name, weight.Shape, side >> LevelOf(weight.Name, levels)))
            .GroupBy(layer => layer).ToDictionary(group => group.Key, group => group.Count());

        IEnumerable<LayerWork> Layers(string name, long[] shape, long mapSide)
        {
            if (shape.Length == 4)
            {
                yield return new LayerWork(Kinds.Convolution, shape[1], shape[0], shape[2], mapSide);
            }
            else if (!name.Contains("attn2.to_k") && !name.Contains("attn2.to_v"))
            {
                yield return new LayerWork(Kinds.Linear, shape[1], shape[0], 1, mapSide);
            }

            if (name.EndsWith("to_q.weight", StringComparison.Ordinal))
            {
                long head = headWidth == 0 ? shape[0] : headWidth;
                yield return new LayerWork(Kinds.Attention, head, shape[0] / head, name.Contains("attn2") ? textRows : 0, mapSide);
            }
        }
    }

    /// <summary>Seconds by libtorch's own way, by the one that is chosen, and by the best of all.</summary>
    /// <param name="samples">Of the batch.</param>
    /// <param name="dtype">Of weights and values.</param>
    /// <param name="seconds">How long each way is tried.</param>
    public Rates Measure(int samples, ScalarType dtype, double seconds)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        return Kind switch
        {
            Kinds.Convolution => OfConvolution(samples, dtype, seconds),
            Kinds.Linear => OfLinear(samples, dtype, seconds),
            _ => OfAttention(samples, dtype, seconds),
        };
    }

    public override string ToString() => Kind switch
    {
        Kinds.Convolution => $"convolution {Kernel}×{Kernel}, {Inputs} → {Outputs}, {Side}×{Side}",
        Kinds.Linear => $"linear {Inputs} → {Outputs}, {Places} rows",
        _ => $"attention of {Outputs} heads of {Inputs}, {Places} queries, {Keys} keys",
    };

    private Rates OfConvolution(int samples, ScalarType dtype, double seconds)
    {
        Tensor map = randn(samples, Inputs, Side, Side).to(dtype), last = map.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        Tensor weight = randn(Outputs, Inputs, Kernel, Kernel).to(dtype);
        Tensor chosen = Kernels.Current.PutsChannelsLast(map) ? last : map;
        long[] stride = [1, 1], padding = [Kernel / 2, Kernel / 2];
        double[] best = Clock.Best(seconds, () => Of(map), () => Of(last));
        return new Rates(best[0], ReferenceEquals(chosen, last) ? best[1] : best[0], best.Min());

        Tensor Of(Tensor input) => Conv2d.Convolved(input, weight, null, stride, padding);
    }

    private Rates OfLinear(int samples, ScalarType dtype, double seconds)
    {
        Tensor rows = randn(samples, Places, Inputs).to(dtype), weight = randn(Outputs, Inputs).to(dtype);
        double[] best = Inputs % 2 == 1
            ? Clock.Best(seconds, () => nn.functional.linear(rows, weight))
            : Clock.Best(seconds, () => nn.functional.linear(rows, weight), () => LinearMap.Convolved(rows, weight, null));
        return new Rates(best[0], Kernels.Current.ConvolvesLinear(rows, weight) ? best[1] : best[0], best.Min());
    }

    private Rates OfAttention(int samples, ScalarType dtype, double seconds)
    {
        Tensor query = Heads(Places), key = Heads(Keys), value = Heads(Keys);
        long[] pieces = [64, 256, 1024, Places];
        double[] best = Clock.Best(
            seconds,
            [
                () => HeadAttention.Attend(query, key, value),
                () => OwnWay(() => HeadAttention.Attend(query, key, value)),
                .. pieces.Where(piece => piece <= Places).Distinct()
                    .Select(piece => (Func<Tensor>)(() => HeadAttention.AttendInPieces(query, key, value, piece))),
            ]);
        return new Rates(best[1], best[0], best.Min());

        Tensor Heads(long rows) => HeadAttention.Split(randn(samples, rows, Outputs * Inputs).to(dtype), (int)Outputs);

        static Tensor OwnWay(Func<Tensor> compute)
        {
            using IDisposable plain = Kernels.Use(Kernels.Plain);
            return compute();
        }
    }

    private static bool IsOfTime(string name) => name.Contains("time_emb") || name.Contains("add_embedding");

    private static int LevelOf(string name, int levels)
    {
        Match block = Block().Match(name);
        int number = block.Success ? NumberOf(block) : 0;
        return name.Contains("mid_block") || name.Contains("decoder.conv_in") || name.Contains("post_quant") ? levels - 1
            : !block.Success ? 0
            : block.Groups["way"].Value == "down" ? number + (name.Contains("downsamplers") ? 1 : 0)
            : levels - 1 - number - (name.Contains("upsamplers") ? 1 : 0);
    }

    private static int NumberOf(Match block) => int.Parse(block.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<way>down|up)_blocks\.(?<number>\d+)\.")]
    private static partial Regex Block();

    /// <summary>Seconds.</summary>
    internal sealed record Rates(double Plain, double Chosen, double Best);
}
