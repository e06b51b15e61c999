using static TorchSharp.torch;

namespace Training.Denoiser;

/// <summary>What a denoiser learns from in one step.</summary>
/// <param name="Targets">Latents or pixels, <c>[B, C, h, w]</c> float32.</param>
/// <param name="States">Their captions' states, <c>[B, T, width]</c>.</param>
internal readonly record struct DenoiserBatch(Tensor Targets, Tensor States);
