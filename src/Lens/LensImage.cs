using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>What the denoiser made of the states at a site. Tensors are on the CPU.</summary>
/// <param name="Key">Which image it is.</param>
/// <param name="Latents">The end of the sampling, <c>[C, h, w]</c>, before division by the scaling factor.</param>
/// <param name="Pixels"><c>[3, H, W]</c>, 0..1.</param>
public sealed record LensImage(ImageKey Key, Tensor Latents, Tensor Pixels);
