using System.Globalization;
using System.Text.Json;
using DiffusionLens.Families;
using static TorchSharp.torch;

namespace Experiments.Inspections;

/// <summary>What an inspection found, in words that the card and the JSON share.</summary>
internal static class InspectionWords
{
    /// <summary>Of a scheduler's keys those that say most; the others are in the JSON.</summary>
    private static readonly string[] MainKeys =
    [
        "prediction_type", "beta_schedule", "beta_start", "beta_end", "num_train_timesteps", "timestep_spacing", "steps_offset",
        "solver_order", "algorithm_type", "variance_type",
        "rescale_betas_zero_snr", "use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas",
        "use_flow_sigmas", "shift", "use_dynamic_shifting", "shift_terminal", "thresholding",
    ];

    /// <summary>The name of a type as <c>--dtype</c> has it.</summary>
    public static string Of(ScalarType type) => type.ToString().ToLowerInvariant();

    /// <summary>What a position of an encoder sees.</summary>
    public static string? Of(EncoderMask? mask) => mask switch
    {
        null => null,
        EncoderMask.None => "none",
        EncoderMask.Causal => "causal",
        EncoderMask.Padding => "padding",
        _ => "causal and padding",
    };

    /// <summary>Which positions are read.</summary>
    public static string Of(ReadPositions positions) => positions switch
    {
        ReadPositions.All => "all",
        ReadPositions.Written => "written",
        _ => positions.ToString().ToLowerInvariant(),
    };

    /// <summary>What the denoiser reads as sequences, a line each, and how these are joined.</summary>
    public static IReadOnlyList<string> Reads(ModelDescription description) =>
    [
        .. description.Reads.Select(read => Of(read, description)),
        .. description.Reads.Count > 1 ? [$"joined {description.Joining}"] : Array.Empty<string>(),
    ];

    /// <summary>What it reads pooled, a line each.</summary>
    public static IReadOnlyList<string> PooledReads(ModelDescription description) =>
        description.PooledReads.Count == 0 ? ["nothing"] : [.. description.PooledReads.Select(read => Of(read, description))];

    /// <summary>A part's name, with the number of its stage where there are several.</summary>
    public static string NameOf(PartInspection part, ModelInspection inspection)
        => inspection.Stages.Count > 1 ? $"{1 + inspection.Stages.ToList().IndexOf(part.Folder)}/{part.Name}" : part.Name;

    /// <summary>What each tokenizer does, and the files that say it.</summary>
    public static IEnumerable<string> Tokenizers(ModelInspection inspection)
        => from part in inspection.Parts
           let tokenizer = part.Tokenizer
           where tokenizer is not null
           select $"{NameOf(part, inspection)}: {tokenizer.Rules}; {string.Join(", ", part.Files)}";

    /// <summary>The class and main settings of each sampler that its folders name.</summary>
    public static IEnumerable<string> Samplers(ModelInspection inspection)
        => from part in inspection.Parts
           where part.Settings.Count > 0
           select $"{NameOf(part, inspection)}: {string.Join(", ", MainSettings(part).Prepend(part.Class))}";

    /// <summary>The main keys of a config with their values; what is null or false is left out.</summary>
    public static IEnumerable<string> MainSettings(PartInspection part)
        => from key in MainKeys
           let setting = part.Settings.FirstOrDefault(setting => setting.Key == key)
           where setting is { Value.ValueKind: not (JsonValueKind.Null or JsonValueKind.False or JsonValueKind.Undefined) }
           select $"{key} {setting.Value}";

    /// <summary><c>860 M</c>.</summary>
    public static string Count(long number) => Scaled(number, ["", " k", " M", " B"]);

    /// <summary><c>1.7 GB</c>, in powers of 1000.</summary>
    public static string Bytes(long number) => Scaled(number, [" B", " kB", " MB", " GB"]);

    private static string Of(EncoderRead read, ModelDescription description)
    {
        EncoderDescription encoder = description.Encoders[read.Encoder];
        string positions = read.Positions switch
        {
            ReadPositions.All => "all positions, padding too",
            ReadPositions.Written => "the positions that were written, no padding",
            ReadPositions.Kept => "the positions that its pipeline keeps, no padding",
            ReadPositions.Pooled => "pooled at the end token",
            _ => Of(read.Positions) + " positions",
        };
        string mask = Of(encoder.Mask) is { } words ? $", {(words == "none" ? "no" : words)} mask" : "";
        string norm = read.Normed ? "through its final norm" : encoder.HasFinalNorm ? "before its final norm" : "no norm";
        bool isHanded = description.MasksPadding && read.Positions != ReadPositions.Pooled;
        string handed = isHanded ? "; the denoiser is handed the mask and sees no padding" : "";
        return $"h^{read.Layer} of {encoder.Name} ({encoder.LayerCount} blocks{mask}), {norm}, {positions}{handed}";
    }

    private static string Scaled(double number, string[] units)
    {
        int unit = 0;
        while (number >= 999.5 && unit < units.Length - 1)
        {
            (number, unit) = (number / 1000, unit + 1);
        }

        return number.ToString(unit == 0 || number >= 9.95 ? "0" : "0.0", CultureInfo.InvariantCulture) + units[unit];
    }
}
