using Lens.TextEncoders;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Language;

/// <summary>
/// Starting values of T5's attention biases, the only thing by which it knows the order of words. From small random ones a short training
/// comes to no head that looks at one neighbour, and without such a head no colour is bound to its thing; so, as in ALiBi (Press et al.
/// 2022), the heads start with places to look at: of four heads one looks to the left, one to the right, one near by and one anywhere.
/// </summary>
internal static class DistanceBiases
{
    private const double Elsewhere = -5;

    /// <summary><c>[buckets, heads]</c> float32; the first half of the buckets is to the left.</summary>
    public static Tensor Of(T5Config config) => tensor(
        [.. Enumerable.Range(0, config.DistanceBuckets).SelectMany(bucket => Enumerable.Range(0, config.HeadCount).Select(head =>
        {
            int half = config.DistanceBuckets / 2, distance = bucket < half ? -bucket : bucket - half, round = head / 4;
            return (float)((head % 4) switch
            {
                0 => distance == -1 - round ? 0 : Elsewhere,
                1 => distance == 1 + round ? 0 : Elsewhere,
                2 => -Math.Abs(distance) * Math.Pow(2, -1 - round),
                _ => 0,
            });
        }))],
        [config.DistanceBuckets, config.HeadCount]);

    /// <summary>Gives the network these values.</summary>
    public static void Set(T5EncoderModel text)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        text.named_parameters().Single(parameter => parameter.name.EndsWith("relative_attention_bias.weight", StringComparison.Ordinal))
            .parameter.copy_(Of(text.Config));
    }
}
