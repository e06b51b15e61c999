using DiffusionLens.Pipelines;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>A prompt, encoded once for all layers. No dispose scope owns it: <see cref="Dispose"/> frees it.</summary>
public sealed class LensEncoding : IDisposable
{
    private readonly Dictionary<LensSite, TextConditioning> _conditionings = [];
    private TextConditioning? _unconditional;

    internal LensEncoding(TokenizedPrompt prompt, TextTrace trace, Tensor unconditional)
        => (Prompt, Trace, Unconditional) = (prompt, trace, unconditional);

    /// <summary>The prompt's tokens, padding included.</summary>
    public TokenizedPrompt Prompt { get; }

    /// <summary>h^0 ... h^L of the prompt, each <c>[1, T, width]</c>, before ln_f.</summary>
    public TextTrace Trace { get; }

    /// <summary>ln_f(h^L) of the negative prompt, <c>[1, T, width]</c>: the other side of the guidance, whatever the layer.</summary>
    public Tensor Unconditional { get; }

    /// <summary>What the denoiser reads at <paramref name="site"/>, prepared at the first use.</summary>
    internal TextConditioning At(LensSite site, Func<LensSite, TextConditioning> prepare)
    {
        if (!_conditionings.TryGetValue(site, out TextConditioning? conditioning))
        {
            _conditionings[site] = conditioning = prepare(site);
        }

        return conditioning;
    }

    internal TextConditioning OfNegative(Func<Tensor, TextConditioning> prepare) => _unconditional ??= prepare(Unconditional);

    /// <summary>Frees all states.</summary>
    public void Dispose()
    {
        foreach (TextConditioning conditioning in _conditionings.Values)
        {
            conditioning.Dispose();
        }

        _unconditional?.Dispose();
        Unconditional.Dispose();
        Trace.Dispose();
    }
}
