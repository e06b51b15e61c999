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
}
