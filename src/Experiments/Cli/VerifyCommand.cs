using System.CommandLine;
using DiffusionLens;
using Experiments.Catalog;
using Experiments.Console;
using Experiments.Models;
using Experiments.Results;
using Experiments.Verify;
using Humanizer;

namespace Experiments.Cli;

/// <summary><c>verify</c>: whether this machine computes what it should.</summary>
internal static class VerifyCommand
{
    public static Command Make(Terminal terminal)
    {
        Option<string?> model = new("--model")
        {
            Description = "One model; all that have golden hashes if not given.",
            HelpName = "NAME|FOLDER",
            CompletionSources = { Completions.Models },
        };
        Option<bool> update = new("--update")
        {
            Description = "Write the hashes of what is computed now to golden/ of the current folder.",
        };
        Option<string?> results = new("--results")
        {
            Description =
                "Compare the numbers of new results with the reference results instead. "
                    + $"FOLDER is {ResultsRoot.Default.Path} if not given.",
            HelpName = "FOLDER",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> reference = new("--reference")
        {
            Description = $"The reference results; those committed in {ResultsRoot.Default.Path} of this checkout if not given.",
            HelpName = "FOLDER",
        };
        Option<string?> deep = new("--deep")
        {
            Description =
                "Read every file of finished runs instead, and say which are not as they were left. "
                    + $"FOLDER is {ResultsRoot.Default.Path} if not given.",
            HelpName = "FOLDER",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Command command = new DocumentedCommand(
            "verify",
            "Computes a few prompts in float64 and compares hidden states, conditionings, UNet outputs and images with golden hashes; "
                + "names the first that drifts.",
            new("dlens-repro verify", "all embedded models; ends with code 1 where something differs"),
            new("dlens-repro verify --model mini-sd --update", "after a change that is meant"),
            new(
                "dlens-repro verify --results",
                "after 'paper' in a clone: where its measures, figures and tables depart from the reference run"),
            new("dlens-repro verify --results out/new --reference out/old", "the same of any two folders of results"),
            new("dlens-repro verify --deep results/colors", "whether all that runs left is whole; ends with code 2 if not"))
        {
            model, update, results, reference, deep,
        };
        command.Validators.Add(parsed =>
        {
            Option? instead = Array.Find<Option>([deep, results], IsGiven);
            if (instead is not null && Array.Find<Option>([model, update], IsGiven) is { } ofHashes)
            {
                parsed.AddError($"{ofHashes.Name} is about golden hashes, and {instead.Name} about results; leave one out");
            }
            else if (IsGiven(reference) && instead != results)
            {
                parsed.AddError($"{reference.Name} is what {results.Name} is compared with; give that, and no {deep.Name}");
            }
            else if (parsed.GetValue(deep) is not null && parsed.GetValue(results) is not null)
            {
                parsed.AddError($"{deep.Name} and {results.Name}: give one of the two");
            }

            bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };
        });
        command.SetAction(parsed => parsed.GetResult(deep) is not null
            ? VerifyDeep(terminal, parsed.GetValue(deep) ?? parsed.GetValue(results) ?? ResultsRoot.Default.Path)
            : parsed.GetResult(results) is not null
            ? VerifyResults(terminal, parsed.GetValue(results) ?? ResultsRoot.Default.Path, parsed.GetValue(reference))
            : Verify(terminal, Names(parsed.GetValue(model)), parsed.GetValue(update)));
        return command;
    }

    private static int VerifyResults(Terminal terminal, string folder, string? reference)
    {
        if (reference is null)
        {
            using CommittedResults committed = new(ResultsRoot.Default.Path);
            return VerifyResults(terminal, folder, committed.Folder);
        }

        ResultsOutcome outcome = ResultsVerification.Compare(new ResultsRoot(folder), new ResultsRoot(reference));
        foreach (string difference in outcome.Differences)
        {
            terminal.Output.WriteLine(difference);
        }

        terminal.Output.WriteLine(
            $"{folder}: {outcome.Tables} tables compared with the reference, "
                + $"{(outcome.Differences.Count == 0 ? "all the same" : $"{outcome.Differences.Count} differ")}"
            + (outcome.NotRun.Count > 0 ? $"; not run: {string.Join(", ", outcome.NotRun)}" : ""));
        return outcome.Differences.Count == 0 ? ExitCode.Done : ExitCode.Differs;
    }

    private static int VerifyDeep(Terminal terminal, string folder)
    {
        DeepOutcome outcome = DeepVerification.Check(folder, terminal.Cancellation);
        foreach (string damage in outcome.Damage)
        {
            terminal.Output.WriteLine(damage);
        }

        terminal.Output.WriteLine(
            $"{folder}: {"file".ToQuantity(outcome.Files)} of {"run".ToQuantity(outcome.Folders)} read, "
                + (outcome.Damage.Count == 0 ? "all as they were left"
                    : $"{outcome.Damage.Count} damaged; the commands that made them make them again"));
        return outcome.Damage.Count == 0 ? ExitCode.Done : ExitCode.BadInput;
    }

    private static IReadOnlyList<string> Names(string? model)
    {
        IReadOnlyList<string> names = model is null ? AssetCatalog.Golden.Names() : [model];
        return names.Count > 0
            ? names
            : throw new BadInputException("there are no golden hashes, here or in the tool; write some with --model NAME --update");
    }

    private static int Verify(Terminal terminal, IReadOnlyList<string> models, bool update)
    {
        int code = ExitCode.Done;
        foreach (string model in models)
        {
            string folder = AssetCatalog.Models.Find(model).Path, name = ModelInfo.NameOf(folder);
            ProgressLine line = new($"verify {name}", unit: null, all: 100);
            if (update)
            {
                string file = Path.Combine(AssetCatalog.Golden.Folder, name + AssetCatalog.Golden.Ending);
                ProgressDisplay.Show(terminal, line, tell =>
                {
                    GoldenVerification.Update(folder, file, Report(tell));
                    return file;
                });
                terminal.Output.WriteLine($"{file}: written");
                continue;
            }

            string golden = AssetCatalog.Golden.Find(name).Path;
            GoldenOutcome outcome = ProgressDisplay.Show(terminal, line, tell => GoldenVerification.Check(folder, golden, Report(tell)));
            terminal.Output.WriteLine(outcome.Summary);
            code = outcome.Holds ? code : ExitCode.Differs;
        }

        return code;

        Action<double> Report(Action<double> tell) => share =>
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            tell(100 * share);
        };
    }
}
