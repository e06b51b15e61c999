using System.Text.Json.Serialization;

namespace Experiments.Verify;

/// <summary>One tensor of a golden run.</summary>
/// <param name="Prompt">Which prompt, from 0.</param>
/// <param name="Layer">Which layer of the text encoder.</param>
/// <param name="What">In the order of the computation: hidden state, conditioning, prediction, image.</param>
/// <param name="Site">The name of its site among <see cref="GoldenSites.Names"/>; null: the paper's lens.</param>
internal sealed record TensorKey(
    int Prompt,
    int Layer,
    string What,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Site = null)
{
    /// <summary>As it is named in messages.</summary>
    public override string ToString() => $"{What} of layer {Layer}{(Site is null ? "" : $" ({Site})")}";
}
