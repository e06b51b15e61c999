using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>An attention whose keys and values come from the text, so that they can be computed before the first step.</summary>
internal interface ITextAttention
{
    /// <summary>Keys and values of the text: of <c>[B, S, text width]</c>.</summary>
    TextKeyValue Project(Tensor text);
}
