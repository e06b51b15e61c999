using DiffusionLens.TextEncoders;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Training.Language;

/// <summary>
/// Starting values of T5's attention. Its biases are the only thing by which it knows the order of words, and from small random values a
/// short training comes to no head that looks at one neighbor; without such a head no color is bound to its thing. So, as in ALiBi (Press
/// et al. 2022), the heads start with places to look at: of four heads one looks to the left, one to the right, one near by, and one
/// anywhere, there at words like the one that looks, as it must to find what was said of a word before.
/// </summary>
internal static class AttentionStart
{
    private const double Elsewhere = -5;
    private const int KindsOfHeads = 4, Anywhere = 3;

    /// <summary>Biases by distance, <c>[buckets, heads]</c> float32; the first half of the buckets is to the left.</summary>
    public static Tensor Biases(T5Config config) => tensor(
        [.. Enumerable.Range(0, config.DistanceBuckets).SelectMany(bucket => Enumerable.Range(0, config.HeadCount).Select(head =>
        {
            int half = config.DistanceBuckets / 2, distance = bucket < half ? -bucket : bucket - half, round = head / KindsOfHeads;
            return (float)((head % KindsOfHeads) switch
            {
                0 => distance == -1 - round ? 0 : Elsewhere,
                1 => distance == 1 + round ? 0 : Elsewhere,
                2 => -Math.Abs(distance) * Math.Pow(2, -1 - round),
                _ => 0,
            });
        }))],
        [config.DistanceBuckets, config.HeadCount]);

    /// <summary>Gives the network these biases, and the heads that look anywhere keys that are their queries.</summary>
    public static void Set(T5EncoderModel text)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        T5Config config = text.Config;
        Dictionary<string, Parameter> parameters = text.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        parameters.Single(pair => pair.Key.EndsWith("relative_attention_bias.weight", StringComparison.Ordinal))
            .Value.copy_(Biases(config));
        foreach ((string name, Parameter query) in parameters.Where(pair => pair.Key.EndsWith(".q.weight", StringComparison.Ordinal)))
        {
            Parameter key = parameters[name.Replace(".q.", ".k.", StringComparison.Ordinal)];
            for (int head = Anywhere; head < config.HeadCount; head += KindsOfHeads)
            {
                Tensor alike = query.narrow(0, head * config.HeadWidth, config.HeadWidth);
                Tensor own = key.narrow(0, head * config.HeadWidth, config.HeadWidth);
                own.copy_(alike.mul(own.norm().div(alike.norm())));
            }
        }
    }
}
