using DiffusionLens;
using Experiments.Figures;
using Experiments.Specs;
using Experiments.Tables;

namespace Experiments.Runs;

/// <summary>Draws what a comparison asks for.</summary>
internal static class ComparisonRun
{
    /// <summary>Draws for each model by itself, and where there are several the tables of all of them together, in a folder named after
    /// them all.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="results">The folder of results.</param>
    /// <param name="models">The models' names.</param>
    /// <returns>The folders written; none where there is no answer.</returns>
    /// <exception cref="BadInputException">Answers cannot be read, or a file cannot be written.</exception>
    public static IReadOnlyList<string> Execute(Comparison comparison, string results, IReadOnlyList<string> models)
    {
        ComparedAnswers[] all =
            [.. models.Select(model => ComparedAnswers.Read(comparison, results, model)).Where(answers => answers.Experiments.Count > 0)];
        List<string> folders = [];
        foreach (ComparedAnswers answers in all)
        {
            string folder = AnsweredResults.Folder(results, comparison.Name, answers.Model);
            foreach (FailureBars figure in comparison.Bars)
            {
                FailureFigure.Draw(figure, answers, folder);
            }

            WriteTables(comparison, [answers], folder);
            folders.Add(folder);
        }

        if (all.Length > 1)
        {
            string folder = AnsweredResults.Folder(results, comparison.Name, string.Join('+', all.Select(answers => answers.Model)));
            WriteTables(comparison, all, folder);
            folders.Add(folder);
        }

        return folders;
    }

    private static void WriteTables(Comparison comparison, IReadOnlyList<ComparedAnswers> models, string folder)
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
