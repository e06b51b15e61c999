using System.CommandLine;
using Experiments.Catalog;
using Experiments.Console;
using Experiments.Models;
using Experiments.Results;
using Experiments.Runs;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Cli;

/// <summary><c>validate SPEC</c>: everything that can be checked without running.</summary>
internal static class ValidateCommand
{
    public static Command Make(Terminal terminal)
    {
        Argument<string> spec = new("SPEC")
        {
            HelpName = "SPEC",
            Description = "An experiment: a name from 'list', or a YAML file of your own.",
            CompletionSources = { Completions.Specs },
        };
        ModelOptions model = new();
        Command command = new DocumentedCommand(
            "validate",
            "Checks an experiment without running it: its file, and that the model has its layers and knows its words.",
            new("dlens-repro validate my.yaml", "says what is wrong, with file, line and column, or what would be run"),
            new("dlens-repro validate colors --model ~/models/sd15", "the same for another model"))
        {
            spec,
        };
        model.AddTo(command);
        command.SetAction(parsed =>
        {
            Asset file = AssetCatalog.Experiments.Find(parsed.GetRequiredValue(spec));
            switch (ExperimentReader.Read(file.Path))
            {
                case Comparison comparison:
                    ComparisonRun.Read(comparison, ResultsRoot.Default, model.Model(parsed).Model);
                    terminal.Output.WriteLine($"{comparison.Name}: {comparison.Title} ({file.Path})");
                    break;
                case Spec experiment:
                    using (
                        Preparation prepared = new(
                            new RunRequest
                            {
                                Spec = file.Path,
                                Model = model.Model(parsed),
                                Sampler = model.Sampler(parsed),
                                Text = new TextRequest { Length = model.Length(parsed) },
                                DryRun = true,
                            },
                            file,
                            experiment))
                    {
                        prepared.Tell(terminal.Output);
                    }

                    break;
            }
        });
        return command;
    }
}
