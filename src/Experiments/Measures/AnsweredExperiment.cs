using DiffusionLens;
using Experiments.Answers;
using Experiments.Plans;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>An experiment with what was answered about its images: all that measures are made from.</summary>
/// <param name="Spec">The experiment.</param>
/// <param name="Model">Whose text encoder was looked into.</param>
/// <param name="Layers">The layers looked through, ascending.</param>
/// <param name="LastLayer">L.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Rows">The rows as their main annotator saw them: of each question of a condition the one who answered first.</param>
/// <param name="AllRows">The same with the answers of other annotators to what the main one was not asked.</param>
/// <param name="Answers">All answers of all annotators.</param>
public sealed record AnsweredExperiment(
    Spec Spec,
    string Model,
    IReadOnlyList<int> Layers,
    int LastLayer,
    IReadOnlyList<int> Seeds,
    IReadOnlyList<AnsweredRow> Rows,
    IReadOnlyList<AnsweredRow> AllRows,
    IReadOnlyList<Answer> Answers)
{
    /// <summary>An experiment of which every planned answer has been given.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="answers">Answers to at least all that the plan asks; others are left aside.</param>
    /// <param name="model">The model's name.</param>
    /// <exception cref="BadInputException">An answer is missing, or two annotators answered the same question.</exception>
    public static AnsweredExperiment Of(Plan plan, IEnumerable<Answer> answers, string model = "")
    {
        ArgumentNullException.ThrowIfNull(plan);
        AnswerSheet sheet = AnswerSheet.Of(plan, answers);
        if (sheet.Missing is [Answer first, ..] missing)
        {
            throw new BadInputException(
                $"{AnsweringStage.AnswersFile}: {missing.Count} of {sheet.Planned.Count} answers are missing; the first is to "
                + $"{AnswerSheet.Describe(first)}");
        }

        IReadOnlyList<AnsweredRow> rows = AnsweredRow.From(sheet.Planned);
        return new AnsweredExperiment(plan.Spec, model, plan.Layers, plan.LastLayer, plan.Seeds, rows, rows, sheet.Planned);
    }

    /// <summary>An experiment as far as it was answered, by one annotator or several.</summary>
    /// <param name="spec">The experiment.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="lastLayer">L; null where only the answers say: then it is the last layer answered.</param>
    /// <param name="answers">The answers, main annotators first.</param>
    /// <exception cref="BadInputException">There is none of the spec's.</exception>
    public static AnsweredExperiment Of(Spec spec, string model, int? lastLayer, IReadOnlyList<Answer> answers)
    {
        ArgumentNullException.ThrowIfNull(spec);
        HashSet<string> conditions = [.. spec.Conditions.Select(condition => condition.Name)];
        Answer[] given = [.. answers.Where(answer => answer.Yes is not null && conditions.Contains(answer.Condition))];
        if (given.Length == 0)
        {
            throw new BadInputException($"no answer is about a condition of {spec.Name}; its conditions are {string.Join(", ", conditions)}");
        }

        int[] layers = [.. given.Select(answer => answer.Layer).Distinct().Order()];
        Answer[] byMain = [.. given.GroupBy(answer => (answer.Condition, answer.Question)).SelectMany(OfTheFirst)];
        Answer[] byAll = [.. given.GroupBy(answer => (answer.Condition, answer.Question, answer.Prompt, answer.Seed)).SelectMany(OfTheFirst)];
        return new AnsweredExperiment(
            spec, model, layers, lastLayer ?? layers[^1], [.. given.Select(answer => answer.Seed).Distinct().Order()],
            AnsweredRow.From(byMain), AnsweredRow.From(byAll), given);
    }

    /// <summary>The rows of a condition that a figure or table is about.</summary>
    /// <param name="choice">Which rows.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="allAnnotators">Whether what other annotators answered counts where the main one was not asked.</param>
    /// <exception cref="BadInputException">The choice needs the last layer, and it was not looked through.</exception>
    public IEnumerable<AnsweredRow> Choose(RowChoice choice, ConditionSpec condition, bool allAnnotators = false) =>
        Choose(choice, condition, allAnnotators ? AllRows : Rows, Layers, LastLayer);

    /// <summary>The rows of a condition that a figure or table is about.</summary>
    /// <param name="choice">Which rows.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="layers">The layers looked through.</param>
    /// <param name="lastLayer">L.</param>
    /// <exception cref="BadInputException">The choice needs the last layer, and it was not looked through.</exception>
    public static IEnumerable<AnsweredRow> Choose(
        RowChoice choice, ConditionSpec condition, IReadOnlyList<AnsweredRow> rows, IReadOnlyList<int> layers, int lastLayer)
    {
        ArgumentNullException.ThrowIfNull(condition);
        if (choice == RowChoice.RightInTheLastLayer && !layers.Contains(lastLayer))
        {
            throw new BadInputException(
                $"--layers: a figure is about the rows that are right in the last layer, and layer {lastLayer} is not among those to run; "
                + "add it");
        }

        return rows.Where(row => row.Condition == condition.Name
            && (choice == RowChoice.All || row.IsRight(condition, lastLayer) == true));
    }

    private static IEnumerable<Answer> OfTheFirst(IEnumerable<Answer> answers)
    {
        string? first = null;
        return answers.Where(answer => answer.Annotator == (first ??= answer.Annotator));
    }
}
