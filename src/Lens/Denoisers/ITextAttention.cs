using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>An attention whose keys and values come from the text, so that they can be computed before the first step.</summary>
internal interface ITextAttention
{
    /// <summary>Keys and values of the text: <c>[B, S, text width]</c> → twice <c>[B, heads, S, d]</c>.</summary>
    (Tensor Key, Tensor Value) Project(Tensor text);
}
