using System.CommandLine;
using Experiments.Console;
using Experiments.Measures;
using Experiments.Results;
using Experiments.Runs;

namespace Experiments.Cli;

/// <summary><c>figures</c>: measures, figures and tables of answers that are there.</summary>
internal static class FiguresCommand
{
    public static Command Make(Terminal terminal)
    {
        Argument<string[]> specs = new("SPEC")
        {
            HelpName = "SPEC",
            Description = "Experiments; all that have answers if not given.",
            Arity = ArgumentArity.ZeroOrMore,
            CompletionSources = { Completions.Specs },
        };
        Option<string> models = ModelList.Make("Names of models that have answers, with commas between them.");
        Option<string> results = ResultsOption.Make();
        Option<string?> calibration = CalibrationOption.Make();
        Option<string?> page = new("--page")
        {
            Description = "Writes a page in Markdown too, with every figure of these models that is there.",
            HelpName = "FILE.md",
        };
        Command command = new DocumentedCommand(
            "figures",
            "Draws figures and tables of answers, measured as the spec is now; where there are none, of measures.csv.",
            new("dlens-repro figures", "of the embedded model, all that has been run"),
            new("dlens-repro figures --model paper-df,paper-sd", "the paper's own figures, from what 'import' took over"),
            new("dlens-repro figures failures --model mini-sd", "one experiment alone"),
            new(
                "dlens-repro figures --model mini-sd,mini-if,mini-mmdit --page docs/figures.md",
                "all figures of the embedded models, side by side on a page"))
        {
            specs, models, results, calibration, page,
        };
        command.SetAction(parsed =>
            FiguresRun.Execute(
                parsed.GetValue(specs) ?? [],
                ModelList.Of(parsed.GetRequiredValue(models)),
                new ResultsRoot(parsed.GetRequiredValue(results)),
                terminal,
                parsed.GetValue(calibration) is { } file ? CalibrationTable.Read(file) : null,
                parsed.GetValue(page)));
        return command;
    }
}
