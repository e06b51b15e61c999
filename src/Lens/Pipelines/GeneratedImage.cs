using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>An image and the latents it was decoded from; both on the CPU in the run's type.</summary>
/// <param name="Latents">The end of the sampling, <c>[C, h, w]</c>, before division by the scaling factor.</param>
/// <param name="Pixels"><c>[3, H, W]</c>, 0..1.</param>
public sealed record GeneratedImage(Tensor Latents, Tensor Pixels);
