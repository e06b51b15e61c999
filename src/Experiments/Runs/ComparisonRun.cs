using DiffusionLens;
using Experiments.Catalog;
using Experiments.Figures;
using Experiments.Measures;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Specs.Reading;
using Experiments.Tables;

namespace Experiments.Runs;

/// <summary>Draws what a comparison asks for.</summary>
internal static class ComparisonRun
{
    /// <summary>Draws for each model by itself, and where there are several the tables of all of them together, in a folder named after
    /// them all.</summary>
    /// <param name="results">The folder of results.</param>
    /// <param name="models">The models' names.</param>
    /// <param name="folderOfOne">Where the results of a single model go; null: where they go without being told.</param>
    /// <param name="tell">Told of folders that others held, and of answers that do not count.</param>
    /// <returns>What was drawn; nothing where there is no answer.</returns>
    /// <exception cref="BadInputException">Answers cannot be read, a file cannot be written, or somebody else works in a
    /// folder.</exception>
    public static IReadOnlyList<DrawnComparison> Execute(
        Comparison comparison,
        ResultsRoot results,
        IReadOnlyList<string> models,
        ResultsFolder? folderOfOne,
        Action<string>? tell = null)
    {
        ComparedAnswers[] all =
            [.. models.Select(model => Read(comparison, results, model, tell)).Where(answers => answers.Experiments.Count > 0)];
        List<DrawnComparison> drawn = [];
        foreach (ComparedAnswers answers in all)
        {
            ResultsFolder folder = folderOfOne ?? results.Of(comparison.Name, answers.Model);
            using FolderClaim claim = FolderClaim.Take(folder, tell);
            foreach (FailureBars figure in comparison.Bars)
            {
                FailureFigure.Draw(figure, answers, folder);
            }

            WriteTables(comparison, [answers], folder);
            drawn.Add(new DrawnComparison(folder, [answers.Model]));
        }

        if (all.Length > 1)
        {
            ResultsFolder folder = results.Of(comparison.Name, string.Join('+', all.Select(answers => answers.Model)));
            using FolderClaim claim = FolderClaim.Take(folder, tell);
            WriteTables(comparison, all, folder);
            drawn.Add(new DrawnComparison(folder, [.. all.Select(answers => answers.Model)]));
        }

        return drawn;
    }

    /// <summary>Reads the answers that a comparison is about, as far as they are there.</summary>
    /// <param name="results">The folder of results.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="tell">Told of answers that do not count.</param>
    /// <exception cref="BadInputException">A reference is to no condition, or to a question that is not asked of one, or answers cannot be
    /// read.</exception>
    public static ComparedAnswers Read(Comparison comparison, ResultsRoot results, string model, Action<string>? tell = null)
    {
        Dictionary<string, Spec> specs = comparison.References.Select(reference => reference.Experiment).Distinct()
            .ToDictionary(name => name, name => SpecOf(comparison, name));
        foreach (ConditionReference reference in comparison.References)
        {
            string[] conditions = [.. specs[reference.Experiment].Conditions.Select(condition => condition.Name)];
            if (!conditions.Contains(reference.Condition))
            {
                throw reference.Location.Unknown(reference.Condition, $"condition of {reference.Experiment}", conditions);
            }
        }

        foreach (FailureTypeTable table in comparison.FailureTypes)
        {
            RequireAsked(table.Parts, table.Of, specs, others: []);
        }

        foreach (AgreementRow row in comparison.Agreements.SelectMany(table => table.Rows))
        {
            foreach (ConditionReference of in row.Of)
            {
                RequireAsked([row.Question, .. row.Among], of, specs, others: [AnsweredRow.AsAWhole]);
            }
        }

        return new ComparedAnswers(model, specs
            .Select(spec => (spec.Key, Experiment: AnsweredResults.Read(spec.Value, results, model, tell)))
            .Where(entry => entry.Experiment is not null)
            .ToDictionary(entry => entry.Key, entry => entry.Experiment!));
    }

    private static Spec SpecOf(Comparison comparison, string name) =>
        ExperimentReader.Read(AssetCatalog.Experiments.Find(name).Path) as Spec
        ?? throw comparison
            .References.First(reference => reference.Experiment == name)
            .Location.Error($"{name} reads answers itself; name an experiment that makes images");

    // A question that nobody is asked has no answer, which counts as if what it is about were in no image.
    private static void RequireAsked(
        IReadOnlyList<QuestionReference> questions, ConditionReference of, Dictionary<string, Spec> specs, string[] others)
    {
        string[] asked =
        [
            .. specs[of.Experiment].Questions.Where(question => question.Of.Contains(of.Condition)).Select(question => question.Name)
                .Union(others),
        ];
        if (questions.FirstOrDefault(question => !asked.Contains(question.Name)) is { } unknown)
        {
            throw unknown.Location.Unknown(unknown.Name, $"question of {of.Experiment}/{of.Condition}", asked);
        }
    }

    private static void WriteTables(Comparison comparison, IReadOnlyList<ComparedAnswers> models, ResultsFolder folder)
    {
        foreach (FailureTypeTable table in comparison.FailureTypes)
        {
            TableFiles.Write(ComparisonTables.FailureTypes(table, models), folder);
        }

        foreach (AgreementTable table in comparison.Agreements)
        {
            TableFiles.Write(ComparisonTables.Agreement(table, models), folder);
        }
    }
}

/// <summary>A comparison as it was drawn.</summary>
/// <param name="Folder">Where to.</param>
/// <param name="Models">The names of the models whose answers are in it.</param>
internal sealed record DrawnComparison(ResultsFolder Folder, IReadOnlyList<string> Models);
