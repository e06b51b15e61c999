using static TorchSharp.torch;

namespace Lens.Denoisers;

/// <summary>
/// Keys and values of the text, projected once for each cross-attention of a UNet. They depend on the text alone, so a sampling run
/// computes them before its first step and not once a step.
/// </summary>
public sealed class CrossAttentionStates : IDisposable
{
    private readonly IReadOnlyDictionary<Attention, (Tensor Key, Tensor Value)> _states;

    internal CrossAttentionStates(IReadOnlyDictionary<Attention, (Tensor Key, Tensor Value)> states) => _states = states;

    internal (Tensor Key, Tensor Value) this[Attention attention] => _states[attention];

    /// <summary>The rows at <paramref name="indices"/>, one for each sample of a batch; rows may repeat.</summary>
    /// <param name="indices">Row numbers, <c>[samples]</c> int64, on the states' device.</param>
    public CrossAttentionStates Select(Tensor indices)
        => new(_states.ToDictionary(pair => pair.Key, pair => (pair.Value.Key.index_select(0, indices), pair.Value.Value.index_select(0, indices))));

    /// <summary>The rows of several texts, one after the other; all must come from the same UNet.</summary>
    public static CrossAttentionStates Concatenate(IReadOnlyList<CrossAttentionStates> parts)
        => new(parts[0]._states.Keys.ToDictionary(
            attention => attention,
            attention => (cat([.. parts.Select(part => part[attention].Key)], 0), cat([.. parts.Select(part => part[attention].Value)], 0))));

    /// <summary>Takes the states out of their dispose scope: from here on <see cref="Dispose"/> frees them.</summary>
    public CrossAttentionStates DetachFromDisposeScope()
    {
        foreach ((Tensor key, Tensor value) in _states.Values)
        {
            key.DetachFromDisposeScope();
            value.DetachFromDisposeScope();
        }

        return this;
    }

    /// <summary>Frees all keys and values.</summary>
    public void Dispose()
    {
        foreach ((Tensor key, Tensor value) in _states.Values)
        {
            key.Dispose();
            value.Dispose();
        }
    }
}
