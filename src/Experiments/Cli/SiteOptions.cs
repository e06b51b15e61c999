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

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command) => command.Add(_noNorm);

    /// <summary>The site asked for, at layer 0.</summary>
    /// <param name="parsed">The command line.</param>
    public LensSite Site(ParseResult parsed) => new(Layer: 0) { Norm = parsed.GetValue(_noNorm) ? SiteNorm.None : SiteNorm.Native };
}
