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
        Command command = new DocumentedCommand(
            "figures",
            "Draws figures and tables of measures.csv; measures answers first where there are newer ones.",
            new("dlens-repro figures", "of the embedded model, all that has been run"),
            new("dlens-repro figures --model paper-df,paper-sd", "the paper's own figures, from what 'import' took over"),
            new("dlens-repro figures failures --model mini-sd", "one experiment alone"))
        {
            specs, models, results, calibration,
        };
        command.SetAction(parsed =>
            FiguresRun.Execute(
                parsed.GetValue(specs) ?? [],
                ModelList.Of(parsed.GetRequiredValue(models)),
                new ResultsRoot(parsed.GetRequiredValue(results)),
                terminal,
                parsed.GetValue(calibration) is { } file ? CalibrationTable.Read(file) : null));
        return command;
    }
}
