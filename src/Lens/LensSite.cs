namespace DiffusionLens;

/// <summary>Where the lens looks into the text encoder.</summary>
/// <param name="Layer">l: the state after block l, 0 (the embeddings) to L (the last block).</param>
/// <param name="FinalNorm">Whether the state goes through ln_f on its way to the denoiser, as the last layer's always does.</param>
public sealed record LensSite(int Layer, bool FinalNorm = true);
