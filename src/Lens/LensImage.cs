using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>What the denoiser made of one layer's state. Tensors are on the CPU in the run's type.</summary>
/// <param name="Site">Where the lens looked.</param>
/// <param name="Seed">The noise, the same for all layers.</param>
/// <param name="Latents">The end of the sampling, <c>[C, h, w]</c>, before division by the scaling factor.</param>
/// <param name="Pixels"><c>[3, H, W]</c>, 0..1.</param>
public sealed record LensImage(LensSite Site, long Seed, Tensor Latents, Tensor Pixels);
