using DiffusionLens.Configs;

namespace DiffusionLens.Denoisers;

/// <summary>
/// What a UNet's time embedding is told besides the time: the pooled text, and six numbers about the image's size (diffusers:
/// <c>addition_embed_type</c> <c>text_time</c>).
/// </summary>
public sealed record TextTimeOptions
{
    /// <summary>Width of the pooled text.</summary>
    public required int PooledWidth { get; init; }

    /// <summary>How many sines and cosines stand for each of the six numbers.</summary>
    public required int NumberWidth { get; init; }

    /// <summary>What the config calls it.</summary>
    internal const string Name = "text_time";

    /// <summary>Original size, crop and target size, each as height and width (top and left).</summary>
    internal const int Numbers = 6;

    /// <exception cref="BadInputException">A width is missing, or they do not fit each other.</exception>
    internal static TextTimeOptions Parse(ConfigReader config)
    {
        int all = config.Count("projection_class_embeddings_input_dim", 0), number = config.Count("addition_time_embed_dim", 0);
        return number > 0 && number % 2 == 0 && all > Numbers * number
            ? new() { PooledWidth = all - (Numbers * number), NumberWidth = number }
            : throw config.Error(
                $"projection_class_embeddings_input_dim is {all} and addition_time_embed_dim {number}; for {Name} the latter is even, "
                + $"and the former has {Numbers} times as much and the pooled text beside");
    }
}
