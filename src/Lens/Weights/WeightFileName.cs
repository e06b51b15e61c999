using System.Text.RegularExpressions;

namespace DiffusionLens.Weights;

/// <summary>
/// What the name of a part's file says: <c>model.safetensors</c>, <c>diffusion_pytorch_model.fp16.safetensors</c>,
/// <c>model.safetensors.index.json</c>, <c>model.fp16-00001-of-00002.safetensors</c>, ...
/// </summary>
/// <param name="File">The name.</param>
/// <param name="Form">What it is.</param>
/// <param name="Stem"><c>diffusion_pytorch_model</c> (diffusers) or <c>model</c> (transformers).</param>
/// <param name="Variant"><c>fp16</c> and the like, or null.</param>
internal sealed partial record WeightFileName(string File, WeightForm Form, string Stem, string? Variant)
{
    internal const string Extension = ".safetensors";

    /// <summary>What the names of weights begin with; diffusers' own first.</summary>
    internal static readonly string[] Stems = ["diffusion_pytorch_model", "model"];

    /// <summary>Whether the variant is the same weights in another type, and not other weights such as <c>non_ema</c>.</summary>
    internal bool IsOtherPrecision => Variant is not null && Precision().IsMatch(Variant);

    /// <summary>Null of names that diffusers and transformers give to nothing that is read here.</summary>
    internal static WeightFileName? Parse(string file)
    {
        if (Index().Match(file) is { Success: true } index)
        {
            return Of(WeightForm.Index, index);
        }

        return Weights().Match(file) is { Success: true } weights
            ? Of(weights.Groups["shard"].Success ? WeightForm.Shard : WeightForm.Whole, weights)
            : null;

        WeightFileName Of(WeightForm form, Match match)
        {
            string variant = string.Join('.', match.Groups["variant"].Captures.Select(capture => capture.Value));
            return new WeightFileName(file, form, match.Groups["stem"].Value, variant.Length == 0 ? null : variant);
        }
    }

    /// <summary>Old and new diffusers write the variant on either side of a shard's number.</summary>
    [GeneratedRegex(
        @"^(?<stem>diffusion_pytorch_model|model)(\.(?<variant>.+?))?(?<shard>-\d+-of-\d+)?(\.(?<variant>[^.]+))?\.safetensors$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Weights();

    /// <summary>Hand-made ones have the variant before <c>.safetensors</c>, the libraries' before <c>.json</c>.</summary>
    [GeneratedRegex(
        @"^(?<stem>diffusion_pytorch_model|model)(\.(?<variant>.+?))?\.safetensors\.index(\.(?<variant>.+))?\.json$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Index();

    [GeneratedRegex(@"^(fp|bf|float|bfloat|half)\d*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Precision();
}

/// <summary>What a file of weights is.</summary>
internal enum WeightForm
{
    /// <summary>All weights in one file.</summary>
    Whole,

    /// <summary>The list of which tensor is in which shard.</summary>
    Index,

    /// <summary>A part of them, which an index names.</summary>
    Shard,
}
