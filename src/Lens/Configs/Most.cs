namespace DiffusionLens.Configs;

/// <summary>
/// The most of a thing that a config may ask for: far above every published model, and so that products of three of them still are
/// numbers. What the weights beside a config hold is checked besides, before anything is built.
/// </summary>
internal static class Most
{
    /// <summary>Of what has no bound of its own: widths of states, rows of a vocabulary, positions.</summary>
    public const int Any = 1_000_000;

    /// <summary>Blocks in a row.</summary>
    public const int Layers = 1000;

    /// <summary>Heads of an attention.</summary>
    public const int Heads = 1000;

    /// <summary>Width of one head.</summary>
    public const int HeadWidth = 10_000;

    /// <summary>Channels of images and latents, as they come in and go out.</summary>
    public const int Channels = 10_000;

    /// <summary>Resolutions of a UNet or an autoencoder; each halves the sides.</summary>
    public const int Levels = 10;

    /// <summary>Side of a patch.</summary>
    public const int Patch = 64;

    /// <summary>Side of the latents, or of the pixels where there are none, that a model was trained on.</summary>
    public const int SampleSide = 4096;

    /// <summary>Steps of the noise that a model was trained on.</summary>
    public const int TrainingSteps = 100_000;
}
