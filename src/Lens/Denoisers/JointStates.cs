using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>The two streams of a denoiser in which image and text attend to each other (MMDiT, arXiv 2403.03206).</summary>
/// <param name="Image">The image's tokens, <c>[B, T, width]</c>.</param>
/// <param name="Text">The text's, <c>[B, S, width]</c>.</param>
internal readonly record struct JointStates(Tensor Image, Tensor Text);
