using System.CommandLine;
using Experiments.Models;
using Experiments.Specs;

namespace Experiments.Cli;

/// <summary>The options that say what is done to the masks and the padding of prompts.</summary>
internal sealed class TextOptions
{
    private readonly Option<string?> _encoderMask = WordOption.Of(
        "--encoder-mask", "Whether the text encoder hides padding from the words.", SiteWords.Masks);

    private readonly Option<string?> _denoiserMask = WordOption.Of(
        "--denoiser-mask", "Whether the denoiser hides padding from the image.", SiteWords.Masks);

    private readonly Option<string?> _paddingRows = WordOption.Of(
        "--padding-rows",
        "What the denoiser finds in the rows of padding: zeros, the empty prompt's, their own but nothing that its blocks write there, or "
            + "no rows.",
        SiteWords.PaddingRows);

    private readonly Option<string?> _paddingRowsAt = WordOption.Of(
        "--padding-rows-at",
        "Where they are set so: in what it is given (if not given), behind its text embedder, or there and before every block again.",
        SiteWords.PaddingRowsAt);

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_encoderMask);
        command.Add(_denoiserMask);
        command.Add(_paddingRows);
        command.Add(_paddingRowsAt);
    }

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    public TextRequest Text(ParseResult parsed) => new()
    {
        EncoderMask = WordOption.Value(parsed, _encoderMask, SiteWords.Masks),
        DenoiserMask = WordOption.Value(parsed, _denoiserMask, SiteWords.Masks),
        PaddingRows = WordOption.Value(parsed, _paddingRows, SiteWords.PaddingRows),
        PaddingRowsAt = WordOption.Value(parsed, _paddingRowsAt, SiteWords.PaddingRowsAt),
    };
}
