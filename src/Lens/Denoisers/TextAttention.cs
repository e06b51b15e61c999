using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>An attention whose keys and values come from the text, so that they can be computed before the first step.</summary>
internal abstract class TextAttention(string name) : nn.Module(name)
{
    /// <summary>Keys and values of the text: <c>[B, S, text width]</c> → twice <c>[B, heads, S, d]</c>.</summary>
    public abstract (Tensor Key, Tensor Value) Project(Tensor text);
}
