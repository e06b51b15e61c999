using System.Collections.Concurrent;
using DiffusionLens;
using Experiments.Answers;
using Experiments.Plans;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>An experiment with what was answered about its images: all that measures are made from.</summary>
internal sealed class AnsweredExperiment
{
    private readonly ConcurrentDictionary<AnnotatorChoice, IReadOnlyList<AnsweredRow>> _rows = [];

    private AnsweredExperiment(
        Spec spec, string model, IReadOnlyList<int> layers, int lastLayer, IReadOnlyList<ulong> seeds, IReadOnlyList<Answer> answers)
        => (Spec, Model, Layers, LastLayer, Seeds, Answers) = (spec, model, layers, lastLayer, seeds, answers);

    /// <summary>The experiment.</summary>
    public Spec Spec { get; }

    /// <summary>Whose text encoder was looked into.</summary>
    public string Model { get; }

    /// <summary>The layers looked through, ascending.</summary>
    public IReadOnlyList<int> Layers { get; }

    /// <summary>L.</summary>
    public int LastLayer { get; }

    public IReadOnlyList<ulong> Seeds { get; }

    /// <summary>All answers of all annotators, main annotators first.</summary>
    public IReadOnlyList<Answer> Answers { get; }

    /// <summary>
    /// The rows as their main annotator saw them: of each question of a condition the one who answered first. People who share the work are
    /// one annotator; where two of them answered the same, the first one's answer counts.
    /// </summary>
    public IReadOnlyList<AnsweredRow> Rows => RowsBy(new AnnotatorChoice.First());

    /// <summary>The same with the answers of other annotators to what the main one was not asked.</summary>
    public IReadOnlyList<AnsweredRow> AllRows => RowsBy(new AnnotatorChoice.All());

    /// <summary>An experiment of which every planned answer has been given.</summary>
    /// <param name="answers">Answers to at least all that the plan asks, main annotators first; others are left aside.</param>
    /// <param name="model">The model's name.</param>
    /// <exception cref="BadInputException">A question has no answer.</exception>
    public static AnsweredExperiment Of(Plan plan, IEnumerable<Answer> answers, string model = "")
    {
        ILookup<int, PlannedQuestion> questions = plan.Questions.ToLookup(question => question.Prompt.Number);
        IEnumerable<Answer> asked = plan.Images.SelectMany(
            image => questions[image.Prompt.Number].Select(question => AnsweringStage.Blank(image, question)));

        // Whether each has been answered: one table, also of a million.
        Dictionary<AnswerKey, bool> isAnswered = new(plan.AnswerCount);
        foreach (Answer blank in asked)
        {
            isAnswered[blank.Key] = false;
        }

        List<Answer> given = [];
        foreach (Answer answer in answers.Where(answer => answer.Yes is not null && isAnswered.ContainsKey(answer.Key)))
        {
            isAnswered[answer.Key] = true;
            given.Add(answer);
        }

        int missing = isAnswered.Values.Count(answered => !answered);
        return missing == 0
            ? new AnsweredExperiment(plan.Spec, model, plan.Layers, plan.LastLayer, plan.Seeds, given)
            : throw new BadInputException(
                $"{missing} of {isAnswered.Count} answers are missing; the first is to {asked.First(blank => !isAnswered[blank.Key])}");
    }

    /// <summary>An experiment as far as it was answered, by one annotator or several.</summary>
    /// <param name="spec">The experiment.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="lastLayer">L; null where only the answers say: then it is the last layer answered.</param>
    /// <param name="answers">The answers, main annotators first.</param>
    /// <exception cref="BadInputException">There is none of the spec's.</exception>
    public static AnsweredExperiment Of(Spec spec, string model, int? lastLayer, IReadOnlyList<Answer> answers)
    {
        HashSet<string> conditions = [.. spec.Conditions.Select(condition => condition.Name)];
        Answer[] given = [.. answers.Where(answer => answer.Yes is not null && conditions.Contains(answer.Condition))];
        if (given.Length == 0)
        {
            throw new BadInputException(
                $"no answer is about a condition of {spec.Name}; its conditions are {string.Join(", ", conditions)}");
        }

        int[] layers = [.. given.Select(answer => answer.Layer).Distinct().Order()];
        return new AnsweredExperiment(
            spec,
            model,
            layers,
            lastLayer ?? layers[^1],
            [.. given.Select(answer => answer.Seed).Distinct().Order()],
            given);
    }

    /// <summary>The rows by some annotators' answers.</summary>
    /// <param name="choice">Whose.</param>
    /// <exception cref="BadInputException">The one that is named gave none, or is several that answered the same.</exception>
    public IReadOnlyList<AnsweredRow> RowsBy(AnnotatorChoice choice) =>
        _rows.GetOrAdd(
            choice,
            chosen =>
                AnsweredRow.From(
                    chosen switch
                    {
                        AnnotatorChoice.First => Answers.GroupBy(answer => (answer.Condition, answer.Question)).SelectMany(OfTheFirst),
                        AnnotatorChoice.All => Answers
                            .GroupBy(answer => (answer.Condition, answer.Question, answer.Prompt, answer.Seed, answer.Token))
                            .SelectMany(OfTheFirst),
                        AnnotatorChoice.Majority => Answers.GroupBy(answer => answer.Key).Select(OfMost).OfType<Answer>(),
                        AnnotatorChoice.By by => OfOne(by),
                        _ => throw new ArgumentException($"No rows by {chosen}", nameof(choice)),
                    }));

    /// <summary>The rows of a condition that a figure or table is about.</summary>
    /// <param name="annotators">Whose answers count; null: the main annotator's.</param>
    /// <param name="token">Which token's rows, of a condition that shows one after another: 1 for the first of each prompt's; null:
    /// all.</param>
    /// <exception cref="BadInputException">The choice needs the last layer, and it was not looked through.</exception>
    public IEnumerable<AnsweredRow> Choose(
        RowChoice choice, ConditionSpec condition, AnnotatorChoice? annotators = null, int? token = null)
    {
        if (choice == RowChoice.RightInTheLastLayer)
        {
            LastLayerRule.Require(Layers, LastLayer, new SourceLocation($"answers of {Spec.Name} on {Model}"));
        }

        IEnumerable<AnsweredRow> rows =
            RowsBy(annotators ?? new AnnotatorChoice.First()).Where(row => row.Condition == condition.Name);
        return (token is int number ? TokenOrder.Nth(rows, number) : rows)
            .Where(row => choice == RowChoice.All || row.IsRight(condition, LastLayer) == true);
    }

    /// <summary>The main annotator's answers: of each question of a condition those of who answered first, people being one.</summary>
    public static IEnumerable<Answer> ByTheMain(IEnumerable<Answer> answers) =>
        answers.GroupBy(answer => (answer.Condition, answer.Question)).SelectMany(OfTheFirstParty);

    private static IEnumerable<Answer> OfTheFirst(IEnumerable<Answer> answers) =>
        OfTheFirstParty(answers).DistinctBy(answer => answer.Key);

    private static IEnumerable<Answer> OfTheFirstParty(IEnumerable<Answer> answers)
    {
        string? first = null;
        return answers.Where(answer => AnnotatorName.Party(answer.Annotator) == (first ??= AnnotatorName.Party(answer.Annotator)));
    }

    private static Answer? OfMost(IEnumerable<Answer> answers)
    {
        Answer[] all = [.. answers];
        int balance = all.Sum(answer => answer.Yes == true ? 1 : -1);
        return balance == 0 ? null : all.First(answer => answer.Yes == balance > 0);
    }

    private Answer[] OfOne(AnnotatorChoice.By by)
    {
        Answer[] given = [.. Answers.Where(answer => answer.Annotator == by.Name || AnnotatorName.Plain(answer.Annotator) == by.Name)];
        if (given.Length == 0)
        {
            throw by.Location.Unknown(
                by.Name,
                $"annotator of {Spec.Name} on {Model}",
                Answers.Select(answer => AnnotatorName.Plain(answer.Annotator)).Distinct());
        }

        // Versions of a machine are one annotator as long as they share the work.
        string[] names = [.. given.Select(answer => answer.Annotator).Distinct()];
        return names.Length == 1 || given.DistinctBy(answer => answer.Key).Count() == given.Length ? given
            : names.Contains(by.Name) ? [.. given.Where(answer => answer.Annotator == by.Name)]
            : throw by.Location.Error(
                $"{by.Name.Quoted()} is {string.Join(" and ", names)}, who answered the same questions of {Spec.Name} on {Model}; "
                    + "name one of them");
    }
}
