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

    internal CrossAttentionStates(IReadOnlyDictionary<ITextAttention, TextKeyValue> states, Tensor? timeShare)
        => (_states, TimeShare) = (states, timeShare);

    /// <summary>What the text adds to the time embedding, <c>[B, time width]</c>; null where the UNet has no such thing.</summary>
    internal Tensor? TimeShare { get; }

    private IEnumerable<Tensor> All
    {
        get
        {
            IEnumerable<Tensor> pairs = _states.Values.SelectMany(state => new[] { state.Key, state.Value });
            return TimeShare is null ? pairs : pairs.Append(TimeShare);
        }
    }

    internal TextKeyValue this[ITextAttention attention] => _states[attention];

    /// <summary>The same states with another share of the time embedding.</summary>
    /// <param name="timeShare">A row for each of theirs, <c>[B, time width]</c>.</param>
    public CrossAttentionStates With(Tensor timeShare) => new(_states, timeShare);

    /// <summary>The rows at <paramref name="indices"/>, one for each sample of a batch; rows may repeat.</summary>
    /// <param name="indices">Row numbers, <c>[samples]</c> int64, on the states' device.</param>
    public CrossAttentionStates Select(Tensor indices)
        => new(
            _states.ToDictionary(
                pair => pair.Key,
                pair => new TextKeyValue(pair.Value.Key.index_select(0, indices), pair.Value.Value.index_select(0, indices))),
            TimeShare?.index_select(0, indices));

    /// <summary>The rows of several texts, one after the other; all must come from the same UNet.</summary>
    public static CrossAttentionStates Concatenate(IReadOnlyList<CrossAttentionStates> parts)
    {
        return new(
            parts[0]._states.Keys.ToDictionary(
                attention => attention,
                attention => new TextKeyValue(Rows(part => part[attention].Key), Rows(part => part[attention].Value))),
            parts[0].TimeShare is null ? null : Rows(part => part.TimeShare!));

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
