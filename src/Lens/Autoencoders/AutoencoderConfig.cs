using DiffusionLens.Runtime;

namespace DiffusionLens.Autoencoders;

/// <summary>What pipelines need to know of an autoencoder's sizes, whatever its class.</summary>
public abstract record AutoencoderConfig
{
    /// <summary>Channels of the latents.</summary>
    public abstract int LatentChannels { get; init; }

    /// <summary>How many pixels one latent stands for, along each side.</summary>
    public abstract int PixelsPerLatent { get; }

    /// <summary>Where the autoencoder of a model is: with it, unless it would overflow in the model's type.</summary>
    internal virtual Placement PlacementBeside(Placement model) => model;
}
