namespace DiffusionLens.Weights.SingleFiles;

/// <summary>
/// The kinds of models that are published as one file in CompVis' layout. A kind settles what no file says: the configs of the published
/// model that all of its kind were trained from.
/// </summary>
public enum CheckpointKind
{
    /// <summary>Stable Diffusion 1.x: predicts the noise, 512 x 512.</summary>
    StableDiffusion1,

    /// <summary>Stable Diffusion 2.x base: predicts the noise, 512 x 512.</summary>
    StableDiffusion2,

    /// <summary>Stable Diffusion 2.x: predicts v, 768 x 768.</summary>
    StableDiffusion2V,

    /// <summary>Stable Diffusion XL base, 1024 x 1024.</summary>
    StableDiffusionXL,
}
