using System.CommandLine;
using DiffusionLens;

namespace Experiments.Cli;

/// <summary>The options that say where the lens looks, but for the layers.</summary>
internal sealed class SiteOptions
{
    private readonly Option<bool> _noNorm = new("--no-norm")
    {
        Description = "Give the denoiser h^l itself, without the encoder's final norm.",
    };

    private readonly Option<bool> _matchedNorm = new("--matched-norm")
    {
        Description = "Give it h^l itself, each position scaled to the length of what the model reads there.",
    };

    private readonly EncoderOptions _encoders = new();

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        _encoders.AddTo(command);
        command.Add(_noNorm);
        command.Add(_matchedNorm);
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(_noNorm) && parsed.GetValue(_matchedNorm))
            {
                parsed.AddError("--no-norm beside --matched-norm; take one of them");
            }
        });
    }

    /// <summary>The site asked for, at layer 0.</summary>
    /// <param name="parsed">The command line.</param>
    public LensSite Site(ParseResult parsed) => _encoders.Site(parsed).Over(new LensSite(Layer: 0)
    {
        Norm = parsed.GetValue(_noNorm) ? SiteNorm.None : parsed.GetValue(_matchedNorm) ? SiteNorm.Matched : SiteNorm.Native,
    });
}
