using System.CommandLine;
using Experiments.Specs;

namespace Experiments.Cli;

/// <summary>Options that say which CLIP answers.</summary>
internal sealed class ClipOptions
{
    private readonly Option<string?> _folder = new("--clip")
    {
        Description = "The CLIP of the annotator 'clip': a folder as transformers saves a CLIPModel, or a name in the hub's cache.",
        HelpName = "FOLDER",
    };

    private readonly Option<string?> _thresholds = new("--clip-thresholds")
    {
        Description = "Take CLIP's thresholds from a calibration.csv, which 'calibrate' writes; 0 if not given.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_folder);
        command.Options.Add(_thresholds);
    }

    public ClipSpec Clip(ParseResult parsed) => new() { Folder = parsed.GetValue(_folder), Thresholds = parsed.GetValue(_thresholds) };
}
