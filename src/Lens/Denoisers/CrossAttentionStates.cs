using DiffusionLens.Layers;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// All that a UNet reads of a text, projected once: keys and values for each cross-attention and, in DeepFloyd IF and Stable Diffusion XL,
/// the text's share of the time embedding. They depend on the text alone, so a sampling run computes them before its first step and not
/// once a step.
/// </summary>
public sealed class CrossAttentionStates : IDisposable
{
    private readonly IReadOnlyDictionary<ITextAttention, TextKeyValue> _states;

    internal CrossAttentionStates(IReadOnlyDictionary<ITextAttention, TextKeyValue> states, Tensor? timeShare, KeyMask? mask = null)
        => (_states, TimeShare, Mask) = (states, timeShare, mask);

    /// <summary>What the text adds to the time embedding, <c>[B, time width]</c>; null where the UNet has no such thing.</summary>
    internal Tensor? TimeShare { get; }

    /// <summary>Rows of the text that the image does not attend to; null: it attends to all.</summary>
    internal KeyMask? Mask { get; }

    /// <summary>What texts have in common that go through the UNet together: how many rows, and whether any can be masked.</summary>
    internal (long Length, bool IsMasked) LayoutOf
        => (_states.Values.Select(state => state.Key.shape[2]).FirstOrDefault(), Mask is not null);

    private IEnumerable<Tensor> All =>
    [
        .. _states.Values.SelectMany(state => new[] { state.Key, state.Value }),
        .. TimeShare is null ? [] : new[] { TimeShare },
        .. Mask is null ? [] : new[] { Mask.Scores },
    ];

    internal TextKeyValue this[ITextAttention attention] => _states[attention];

    /// <summary>The same states with another share of the time embedding.</summary>
    /// <param name="timeShare">A row for each of theirs, <c>[B, time width]</c>.</param>
    public CrossAttentionStates With(Tensor timeShare) => new(_states, timeShare, Mask);

    /// <summary>The same states with some rows of the text masked.</summary>
    internal CrossAttentionStates Masked(KeyMask? mask) => new(_states, TimeShare, mask);

    /// <summary>The rows at <paramref name="indices"/>, one for each sample of a batch; rows may repeat.</summary>
    /// <param name="indices">Row numbers, <c>[samples]</c> int64, on the states' device.</param>
    public CrossAttentionStates Select(Tensor indices)
        => new(
            _states.ToDictionary(
                pair => pair.Key,
                pair => new TextKeyValue(pair.Value.Key.index_select(0, indices), pair.Value.Value.index_select(0, indices))),
            TimeShare?.index_select(0, indices),
            Mask is null ? null : new KeyMask(Mask.Scores.index_select(0, indices)));

    /// <summary>
    /// The rows of several texts, one after the other; all must come from the same UNet, be equally long, and be masked or not.
    /// </summary>
    public static CrossAttentionStates Concatenate(IReadOnlyList<CrossAttentionStates> parts)
    {
        return new(
            parts[0]._states.Keys.ToDictionary(
                attention => attention,
                attention => new TextKeyValue(Rows(part => part[attention].Key), Rows(part => part[attention].Value))),
            parts[0].TimeShare is null ? null : Rows(part => part.TimeShare!),
            parts[0].Mask is null ? null : new KeyMask(Rows(part => part.Mask!.Scores)));

        Tensor Rows(Func<CrossAttentionStates, Tensor> of) => cat([.. parts.Select(of)], 0);
    }

    /// <summary>Takes the states out of their dispose scope: from here on <see cref="Dispose"/> frees them.</summary>
    public CrossAttentionStates DetachFromDisposeScope()
    {
        foreach (Tensor tensor in All)
        {
            tensor.DetachFromDisposeScope();
        }

        return this;
    }

    /// <summary>Frees all of them.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in All)
        {
            tensor.Dispose();
        }
    }
}
