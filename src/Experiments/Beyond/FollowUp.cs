namespace Experiments.Beyond;

/// <summary>An experiment that followed the paper.</summary>
/// <param name="Name">Its spec's name.</param>
/// <param name="Source">Who asked first.</param>
/// <param name="Asks">The question, in a sentence.</param>
internal sealed record FollowUp(string Name, string Source, string Asks)
{
    /// <summary>All, in the order of the report.</summary>
    public static IReadOnlyList<FollowUp> All { get; } =
    [
        new("token-lens", "arXiv 2504.01137", "Is the item in the image if only this one of its tokens is shown?"),
        new("isolation", "arXiv 2504.01137", "Does \"dog\" in \"a green dog\" carry green?"),
        new("leak-repair", "arXiv 2504.01137", "The noun's states taken from its own prompt: how much leakage goes?"),
        new("padding", "arXiv 2501.06751", "What does the padding carry out of the text encoder?"),
        new("padding-denoiser", "arXiv 2501.06751; black-forest-labs/flux2 issue 59", "What does the padding do inside the denoiser?"),
        new("template", "ours", "Of encoders that read a chat template: is the image in the words or in the template behind them?"),
        new("masks", "diffusers issues 8673, 10194, 11536; x-flux issue 161", "Are short prompts followed better without so much padding?"),
        new("skip-blocks", "arXiv 2502.08690", "Which encoder blocks can be left out, or run twice?"),
        new("sub-blocks", "future work of the paper", "What do attention and MLP of a block each add?"),
        new("matched-norm", "ours", "Is \"early layers show nothing\" a matter of the states' length?"),
        new("mixtures", "arXiv 2506.08210", "Can the mean of all layers' normed states stand for the last layer, zero-shot?"),
    ];
}
