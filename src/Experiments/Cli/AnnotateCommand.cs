using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Experiments.Console;
using Experiments.Models;
using Experiments.Runs;

namespace Experiments.Cli;

/// <summary><c>annotate SPEC</c>: people answer an experiment's questions in a browser.</summary>
internal static class AnnotateCommand
{
    private const int HighestPort = 65535;

    public static Command Make(Terminal terminal)
    {
        Option<double?> overlap = new("--overlap")
        {
            Description = "The share of questions that a second person is asked too: how far the two agree is shown as they go.",
            HelpName = "SHARE",
            CustomParser = ShareOf,
        };
        Option<string?> references = new("--references")
        {
            Description = "A folder with images to compare with, named by what is on them: 'aardvark.jpg', 'aardvark/2.png'.",
            HelpName = "FOLDER",
        };
        Option<ulong?> shuffle = new("--shuffle-seed")
        {
            Description = "Of the order in which images are shown; 0 if not given.",
            HelpName = "SEED",
            CustomParser = SeedOf,
        };
        Option<int?> port = NumberOption.Whole(
            "--port", "The page's port on this machine; a free one if not given.", "PORT", least: 1, HighestPort);
        Option<bool> noOpen = new("--no-open") { Description = "Print the link and open no browser." };
        Option<bool> dryRun = new("--dry-run") { Description = "Show the plan and how many images it needs, and do nothing." };
        ImageOptions images = new();

        DocumentedCommand command = new(
            "annotate",
            "Asks people about an experiment's images, in a browser on this machine. Makes images that are missing first.",
            new("dlens-repro annotate colors.yaml --model ~/models/stable-diffusion-2-1", "y, n, space to undo; Ctrl-C ends, and the same "
                + "command goes on"),
            new("dlens-repro annotate colors --overlap 10%", "as in the paper: a tenth is asked of a second person, in a second browser"),
            new("dlens-repro annotate animals --references ~/animals", "with images of rare animals to compare with"),
            new("dlens-repro run colors --annotators people", "then: figures of what people answered"));
        images.AddTo(command, [overlap, references, shuffle, port, noOpen], [], [dryRun]);
        images.AddModelTo(command);
        command.IsResumable = true;
        command.SetAction(parsed => AnnotationRun.Execute(
            images.Request(parsed) with { DryRun = parsed.GetValue(dryRun) },
            new PageRequest
            {
                Port = parsed.GetValue(port) ?? 0,
                OpensBrowser = !parsed.GetValue(noOpen),
                Overlap = parsed.GetValue(overlap) ?? 0,
                ShuffleSeed = parsed.GetValue(shuffle) ?? 0,
                References = parsed.GetValue(references),
            },
            ModelReference.FindAll(images.Models(parsed)),
            terminal));
        return command;
    }

    private static double? ShareOf(ArgumentResult parsed)
    {
        string text = parsed.Tokens[0].Value;
        bool isPercent = text.EndsWith('%');
        if (double.TryParse(isPercent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && (isPercent ? number / 100 : number) is >= 0 and <= 1 and { } share)
        {
            return share;
        }

        parsed.AddError($"--overlap {text}: give a share from 0% to 100%, such as 10%");
        return null;
    }

    private static ulong? SeedOf(ArgumentResult parsed)
    {
        string text = parsed.Tokens[0].Value;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
        {
            return seed;
        }

        parsed.AddError($"--shuffle-seed {text}: give a whole number from 0");
        return null;
    }
}
