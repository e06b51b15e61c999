using DiffusionLens.Denoisers;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>The texts of a batch as the denoiser gets them at every step, a row a sample.</summary>
/// <param name="Tokens">The text's states as the denoiser's tokens, <c>[B, S, width]</c>.</param>
/// <param name="Pooled"><c>[B, pooled width]</c>; null where the model reads no pooled vector.</param>
internal record JointTextBatch(Tensor Tokens, Tensor? Pooled)
{
    /// <summary>What is done to the rows inside the denoiser.</summary>
    public TextRowSettings Rows { get; init; } = TextRowSettings.None;

    /// <summary>The rows' positions, where they are not 0, 1, ...</summary>
    public IReadOnlyList<int>? Positions { get; init; }
}

/// <summary>The texts of a batch that cannot all go through the denoiser together.</summary>
/// <param name="Groups">Those that can.</param>
internal sealed record MixedTextBatch(IReadOnlyList<SampleGroup<JointTextBatch>> Groups)
    : JointTextBatch(Groups[0].Text.Tokens, Pooled: null)
{
    /// <summary>
    /// The batch's last samples alone, which are the prompts' own where the negative one's come first. Groups must not hold both.
    /// </summary>
    /// <param name="images">How many.</param>
    public MixedTextBatch Last(long images)
    {
        long first = Groups.Sum(group => group.Samples.Count) - images;
        return new MixedTextBatch(
        [
            .. from some in Groups
               let own = some.Samples.Where(sample => sample >= first).Select(sample => sample - first).ToArray()
               where own.Length > 0
               select some with { Samples = own },
        ]);
    }
}
