using DiffusionLens;
using Experiments.Specs;

namespace Experiments.Models;

/// <summary>
/// What to do to the masks, the length and the padding of prompts, as far as the command line says; it comes before what a spec says. What
/// is null was not said.
/// </summary>
internal sealed record TextRequest
{
    /// <summary>Whether encoders hide padding.</summary>
    public TextMask? EncoderMask { get; init; }

    /// <summary>Whether the denoiser hides it.</summary>
    public TextMask? DenoiserMask { get; init; }

    /// <summary>What is in the rows of padding.</summary>
    public PaddingRows? PaddingRows { get; init; }

    /// <summary>Where it is put there.</summary>
    public PaddingRowsAt? PaddingRowsAt { get; init; }

    /// <summary>How many tokens are read, where that is not the same for all prompts.</summary>
    public TextLength? Length { get; init; }

    /// <summary>The key of what was asked for; empty where nothing was that differs from the model's own pipeline.</summary>
    public string Key => Changed(TextHandling.Native).Key;

    /// <summary>A text's handling with what was asked for.</summary>
    /// <exception cref="BadInputException">What was asked for is of no effect.</exception>
    public TextHandling Over(TextHandling text)
    {
        TextHandling chosen = Changed(text);
        return PaddingRowsAt is null || chosen.PaddingRows != DiffusionLens.PaddingRows.Native
            ? chosen
            : throw new BadInputException(
                "--padding-rows-at without --padding-rows, of which it says where; add for example --padding-rows zero");
    }

    /// <summary>An experiment with every condition's texts handled so.</summary>
    /// <exception cref="BadInputException">What was asked for is of no effect on one.</exception>
    public Spec Over(Spec spec) => this == new TextRequest() ? spec : spec with
    {
        Conditions = [.. spec.Conditions.Select(condition => condition with { Text = Over(condition.Text), TextLocation = null })],
    };

    private TextHandling Changed(TextHandling text) => text with
    {
        EncoderMask = EncoderMask ?? text.EncoderMask,
        DenoiserMask = DenoiserMask ?? text.DenoiserMask,
        PaddingRows = PaddingRows ?? text.PaddingRows,
        PaddingRowsAt = PaddingRowsAt ?? text.PaddingRowsAt,
        Length = Length ?? text.Length,
    };
}
