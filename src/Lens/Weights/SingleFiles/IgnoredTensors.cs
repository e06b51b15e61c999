using System.Text.RegularExpressions;

namespace DiffusionLens.Weights.SingleFiles;

/// <summary>Tensors that lie in published checkpoints and that no part of a model takes.</summary>
internal static partial class IgnoredTensors
{
    /// <summary>Empty tensors whose presence says how the model was trained.</summary>
    public const string PredictsV = "v_pred", ZeroSnr = "ztsnr";

    private const string Training = "what CLIP's training alone needs";

    private static readonly HashSet<string> Tables =
    [
        "betas",
        "alphas_cumprod",
        "alphas_cumprod_prev",
        "sqrt_alphas_cumprod",
        "sqrt_one_minus_alphas_cumprod",
        "log_one_minus_alphas_cumprod",
        "sqrt_recip_alphas_cumprod",
        "sqrt_recipm1_alphas_cumprod",
        "posterior_variance",
        "posterior_log_variance_clipped",
        "posterior_mean_coef1",
        "posterior_mean_coef2",
        "logvar",
        "denoiser.sigmas",
    ];

    /// <summary>What a tensor outside the parts is; null where nothing is known of it.</summary>
    /// <param name="name">Its name, without <c>state_dict.</c>.</param>
    public static string? Reason(string name) =>
        Tables.Contains(name) ? "tables of the noise schedule"
            : name.StartsWith("model_ema.", StringComparison.Ordinal) ? "averaged weights (model_ema)"
            : name is "global_step" or "epoch" ? "counters of the training"
            : name is PredictsV or ZeroSnr ? "markers"
            : UnusedOfClip().IsMatch(name) ? Training
            : null;

    /// <summary>What a tensor of a text encoder is that no text encoder here takes; null where nothing is known of it.</summary>
    /// <param name="name">Its name in the text encoder, the prefix taken off.</param>
    public static string? ReasonInText(string name) => name switch
    {
        "text_model.embeddings.position_ids" or "embeddings.position_ids" => "position numbers",
        "logit_scale" or "text_projection" or "text_projection.weight" => Training,
        _ => null,
    };

    /// <summary>Beside the text encoders, as some programs write it.</summary>
    [GeneratedRegex(@"^(cond_stage_model|conditioner\.embedders\.[01])\.(logit_scale|text_projection(\.weight)?)$")]
    private static partial Regex UnusedOfClip();
}
