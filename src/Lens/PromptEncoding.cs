using DiffusionLens.Pipelines;
using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>A prompt, tokenized and encoded once for all sites. No dispose scope owns it: <see cref="Dispose"/> frees it.</summary>
public sealed class PromptEncoding : IDisposable
{
    private readonly Dictionary<(LensSite, TextHandling), TextConditioning> _conditionings = [];
    private readonly EncodedText _text;
    private TextConditioning? _unconditional;

    /// <summary>Takes the tensors over.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="text">Its states.</param>
    /// <param name="pooled">Its pooled vector, where the model reads one.</param>
    /// <param name="negative">What the model reads of the negative prompt.</param>
    /// <param name="empty">The empty prompt's states.</param>
    internal PromptEncoding(string prompt, EncodedText text, Tensor? pooled, TextReads negative, EncodedText empty)
    {
        (Prompt, _text, Pooled, Negative, Empty) = (prompt, text, pooled, negative, empty);
        foreach (Tensor tensor in Tensors)
        {
            tensor.DetachFromDisposeScope();
        }
    }

    /// <summary>The text.</summary>
    public string Prompt { get; }

    /// <summary>Tokens and states, encoder by encoder.</summary>
    public IReadOnlyList<EncoderStates> Encoders => _text.Encoders;

    /// <summary>The prompt's pooled vector as the model reads it, <c>[1, width]</c>; null where the model reads none.</summary>
    public Tensor? Pooled { get; }

    /// <summary>What the model itself reads of the negative prompt: the other side of the guidance, whatever the site.</summary>
    public TextReads Negative { get; }

    internal EncodedText Text => _text;

    /// <summary>The empty prompt, for sites that show it somewhere.</summary>
    internal EncodedText Empty { get; }

    private IEnumerable<Tensor> Tensors
        => [.. _text.Tensors, .. Pooled is null ? [] : new[] { Pooled }, .. Negative.All, .. Empty.Tensors];

    /// <summary>What the denoiser reads at <paramref name="site"/>, prepared at the first use.</summary>
    internal TextConditioning At(LensSite site, TextHandling handling, Func<LensSite, TextHandling, TextConditioning> prepare)
    {
        if (!_conditionings.TryGetValue((site, handling), out TextConditioning? conditioning))
        {
            _conditionings[(site, handling)] = conditioning = prepare(site, handling);
        }

        return conditioning;
    }

    /// <summary>What it reads of the negative prompt, prepared at the first use.</summary>
    internal TextConditioning OfNegative(Func<TextReads, TextConditioning> prepare) => _unconditional ??= prepare(Negative);

    /// <summary>Frees all states.</summary>
    public void Dispose()
    {
        foreach (TextConditioning conditioning in _conditionings.Values)
        {
            conditioning.Dispose();
        }

        _unconditional?.Dispose();
        foreach (Tensor tensor in Tensors)
        {
            tensor.Dispose();
        }
    }
}
