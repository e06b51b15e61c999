using System.CommandLine;
using DiffusionLens;
using Experiments.Console;
using Experiments.Import;
using Experiments.LabelStudio;
using Experiments.Results;
using Experiments.Runs;

namespace Experiments.Cli;

/// <summary>
/// <c>import FOLDER</c>: the answers that the paper's authors published. <c>import --label-studio FILE</c>: those that people gave in Label
/// Studio.
/// </summary>
internal static class ImportCommand
{
    public static Command Make(Terminal terminal)
    {
        Argument<string?> folder = new("FOLDER")
        {
            Description = "A clone of the authors' repository, with human_annotations and gpt_annotations in it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> labelStudio = new("--label-studio")
        {
            Description = "Instead: Label Studio's export (JSON) of a project that 'export --label-studio' wrote.",
            HelpName = "FILE",
        };
        Option<string?> into = new("--out")
        {
            Description = "The results folder that Label Studio's answers are about; RESULTS/EXPERIMENT/MODEL if not given.",
            HelpName = "FOLDER",
        };
        Option<string> results = ResultsOption.Make();
        Command command = new DocumentedCommand(
            "import",
            "Takes over answers that others have: the paper's authors (as those of the models paper-df and paper-sd), Label Studio.",
            new("dlens-repro import ~/DiffusionLens", "says of every file what was read, and what was skipped and why"),
            new("dlens-repro figures --model paper-df,paper-sd", "then: the paper's own figures"),
            new("dlens-repro import --label-studio export.json", "what people answered in Label Studio"))
        {
            folder, labelStudio, into, results,
        };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(into) is not null && parsed.GetValue(labelStudio) is null)
            {
                parsed.AddError(
                    $"{into.Name} is the folder for the answers of {labelStudio.Name}; give {results.Name} for those of the authors");
            }
        });
        command.SetAction(parsed =>
        {
            ResultsRoot root = new(parsed.GetRequiredValue(results));
            switch (parsed.GetValue(folder), parsed.GetValue(labelStudio))
            {
                case (string release, null):
                    ImportRun.Execute(release, root, terminal);
                    break;
                case (null, string export):
                    ResultsFolder? target = parsed.GetValue(into) is string named ? new ResultsFolder(named) : null;
                    LabelStudioImport.Execute(export, root, target, LastPlan.Of, terminal.Output, terminal.Error.WriteLine);
                    break;
                default:
                    throw new BadInputException("import: give the folder of the authors' release, or --label-studio with its export");
            }
        });
        return command;
    }
}
