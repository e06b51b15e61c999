using System.CommandLine;
using Experiments.Console;
using Experiments.Models;
using Experiments.Runs;
using Experiments.Specs;

namespace Experiments.Cli;

/// <summary><c>calibrate</c>: how often annotators are right, on images whose truth is known.</summary>
internal static class CalibrateCommand
{
    public static Command Make(Terminal terminal)
    {
        Option<string> images = new("--images")
        {
            Description = "The images, and truth.csv, which says what is true of them.",
            HelpName = "FOLDER",
            Required = true,
        };
        Option<string?> truth = new("--truth") { Description = "Another table of what is true.", HelpName = "FILE" };
        Option<string> model = new("--model")
        {
            Description = "The model whose words and recognizer are taken.",
            HelpName = "MODEL",
            DefaultValueFactory = _ => ModelRequest.DefaultModel,
        };
        Option<string?> annotators = new("--annotators")
        {
            Description = "Who is asked: the recognizer that the model names if not given.",
            HelpName = string.Join(',', AnnotatorKinds.All.Except([AnnotatorKinds.People])),
        };
        VisionOptions vision = new();
        ClipOptions clip = new();
        Option<string> device = new("--device")
        {
            Description = "Where CLIP computes: cpu, cuda or cuda:N.",
            HelpName = "DEVICE",
            DefaultValueFactory = _ => ModelRequest.DefaultDevice,
        };
        Option<int?> limit = NumberOption.Whole("--limit", "At most so many images.", "N");
        Option<string?> folder = new("--out")
        {
            Description = "The folder to write calibration.csv to; results/calibration/IMAGES if not given.",
            HelpName = "FOLDER",
        };
        DocumentedCommand command = new(
            "calibrate",
            "Measures annotators' errors on images whose truth is known: sensitivity, specificity, accuracy.",
            new("dlens-repro calibrate --images scenes", "the recognizer of the small world, on scenes of it"),
            new(
                "dlens-repro calibrate --images scenes --annotators recognizer,clip --clip ~/models/clip-vit-large-patch14",
                "CLIP beside it"),
            new(
                "dlens-repro figures colors --calibration results/calibration/scenes/calibration.csv",
                "then: shares, corrected for the annotator's errors"))
        {
            images, truth, model, annotators, device, limit, folder,
        };
        vision.AddTo(command);
        clip.AddTo(command);
        command.SetAction(parsed => CalibrationRun.Execute(
            new CalibrationRequest
            {
                Images = parsed.GetRequiredValue(images),
                Truth = parsed.GetValue(truth),
                Model = parsed.GetRequiredValue(model),
                Annotators = new AnnotatorRequest
                {
                    Kinds = ListOption.Names(annotators.Name, parsed.GetValue(annotators), AnnotatorKinds.All),
                    Vision = vision.Vision(parsed),
                    Clip = clip.Clip(parsed),
                    Device = parsed.GetRequiredValue(device),
                },
                Limit = parsed.GetValue(limit),
                Out = parsed.GetValue(folder),
            },
            terminal));
        return command;
    }
}
