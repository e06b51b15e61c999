using DiffusionLens.Families;
using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>What a model's text encoders computed of one text.</summary>
/// <param name="Encoders">One for each of <see cref="Families.ModelDescription.Encoders"/>.</param>
public sealed record EncodedText(IReadOnlyList<EncoderStates> Encoders)
{
    internal IEnumerable<Tensor> Tensors => Encoders.SelectMany(encoder => encoder.States);

    /// <summary>The same tensors under handles of their own: freeing one side leaves the other's memory alone.</summary>
    internal EncodedText Share()
        => new([.. Encoders.Select(encoder => encoder with { States = [.. encoder.States.Select(state => state.alias())] })]);

    /// <summary>Whether what is read was kept.</summary>
    internal bool Holds(EncoderRead read)
        => Encoders[read.Encoder].States is var states && read.Layer < states.Count && states[read.Layer].numel() > 0;

    /// <summary>
    /// The states alone that are read, under handles of their own; in place of the others an empty tensor. A long text's states at all
    /// layers of a large encoder are hundreds of megabytes.
    /// </summary>
    internal EncodedText Only(IReadOnlyCollection<EncoderRead> reads)
    {
        return new([.. Encoders.Select((encoder, index) => encoder with { States = Kept(index, encoder.States) })]);

        IReadOnlyList<Tensor> Kept(int encoder, IReadOnlyList<Tensor> states)
            => [.. states.Select((state, layer) => IsRead(encoder, layer) ? state.alias() : empty(0, state.dtype))];

        bool IsRead(int encoder, int layer) => reads.Any(read => read.Encoder == encoder && read.Layer == layer);
    }

    /// <summary>Frees all states.</summary>
    internal void Free()
    {
        foreach (Tensor tensor in Tensors)
        {
            tensor.Dispose();
        }
    }
}
