using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Autoencoders;

/// <summary>The sizes of FLUX.2's autoencoder, as its <c>config.json</c> gives them (diffusers: AutoencoderKLFlux2).</summary>
internal sealed record AutoencoderKLFlux2Config
{
    /// <summary>What it has in common with others.</summary>
    public required AutoencoderKLConfig Autoencoder { get; init; }

    /// <summary>Added to the variances of the latents.</summary>
    public required double StatisticsEpsilon { get; init; }

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, or asks for what no supported checkpoint has.</exception>
    public static AutoencoderKLFlux2Config Parse(JsonElement json, string source)
    {
        const int Patch = AutoencoderKLFlux2.Patch;
        ConfigReader config = new(json, source);
        return config.Ints("patch_size", [Patch, Patch], 1, Most.Patch) is [Patch, Patch]
            ? new()
            {
                Autoencoder = AutoencoderKLConfig.Parse(json, source),
                StatisticsEpsilon = config.Number("batch_norm_eps", 1e-4, NumberRange.Epsilon),
            }
            : throw config.Error($"patch_size is not [{Patch}, {Patch}], which alone is supported");
    }
}
