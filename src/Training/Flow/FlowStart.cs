using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using Training.Cascade;
using Training.Optimization;
using static TorchSharp.torch;

namespace Training.Flow;

/// <summary>
/// Starting values of the transformer: blocks begin as the identity (adaLN-Zero, arXiv 2212.09748), the velocity as 0, guidance
/// as nothing, and the maps of both texts where words differ (<see cref="WhiteningStart"/>).
/// </summary>
internal static class FlowStart
{
    // Of the words' mean from padding, by which attention can tell the two apart; pooled, it would be the same for all captions.
    private const double Distance = 4, DistanceWherePooled = 0;

    /// <param name="network">Gets the values.</param>
    /// <param name="text">What encodes captions.</param>
    /// <param name="captions">On which the states are looked at.</param>
    /// <param name="seed">Same seed, same values.</param>
    public static void Set(FlowNetwork network, FlowText text, IReadOnlyList<string> captions, long seed)
    {
        InitialValues.Set(network.Transformer, seed, name => StartsAtZero(name) ? 0 : null);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Dictionary<string, Parameter> parameters = network.Transformer.named_parameters()
            .ToDictionary(pair => pair.name, pair => pair.parameter);
        Tensor states = text.States(captions).to(ScalarType.Float64), isWord = text.Tokens(captions).Mask.to(ScalarType.Bool);
        Tensor rows = states.narrow(1, 0, MmditFiles.TextLength);
        Assign("context_embedder", rows[isWord], rows[isWord.logical_not()].mean([0L]), Distance);
        Tensor nothing = text.States([""]).to(ScalarType.Float64)[0, MmditFiles.TextLength];
        Assign("time_text_embed.text_embedder.linear_1", states.select(1, MmditFiles.TextLength), nothing, DistanceWherePooled);

        void Assign(string map, Tensor words, Tensor padding, double distance)
        {
            (Tensor weight, Tensor bias) = WhiteningStart.Of(words, padding, distance);
            parameters[map + ".weight"].copy_(weight);
            parameters[map + ".bias"].copy_(bias);
        }
    }

    private static bool StartsAtZero(string parameter)
        => parameter == "proj_out.weight"
        || parameter == "time_text_embed.guidance_embedder.linear_2.weight"
        || (parameter.Contains("norm", StringComparison.Ordinal) && parameter.EndsWith("linear.weight", StringComparison.Ordinal));
}
