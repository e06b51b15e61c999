using DiffusionLens;
using Experiments.Plans;

namespace Experiments.Answers;

/// <summary>Which of the answers that a plan asks for have been given.</summary>
/// <param name="Planned">One for each question about each image of the plan, by prompt, seed, layer and question in the plan's order;
/// those not yet given have no <see cref="Answer.Yes"/>.</param>
/// <param name="Others">Answers given to what this plan does not ask (it may be a limited one), in the order they came.</param>
public sealed record AnswerSheet(IReadOnlyList<Answer> Planned, IReadOnlyList<Answer> Others)
{
    /// <summary>The planned ones that have not been given.</summary>
    public IReadOnlyList<Answer> Missing => [.. Planned.Where(answer => answer.Yes is null)];

    /// <summary>Puts the answers given where the plan asks for them.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="given">Answers by one annotator or several, each to another question.</param>
    /// <exception cref="BadInputException">Two annotators answered the same question.</exception>
    public static AnswerSheet Of(Plan plan, IEnumerable<Answer> given)
    {
        Dictionary<Key, Answer> open = [];
        foreach (Answer answer in given.Where(answer => answer.Yes is not null))
        {
            if (!open.TryAdd(Key.Of(answer), answer))
            {
                throw new BadInputException(
                    $"{Describe(answer)} was answered by '{open[Key.Of(answer)].Annotator}' and by '{answer.Annotator}'; keep one of the two");
            }
        }

        Answer[] planned =
        [
            .. from blank in Blank(plan)
               select open.Remove(Key.Of(blank), out Answer? answer)
                   ? blank with { Score = answer.Score, Yes = answer.Yes, Annotator = answer.Annotator, ImageSha256 = answer.ImageSha256 }
                   : blank,
        ];
        return new AnswerSheet(planned, [.. open.Values]);
    }

    /// <summary>The question about the image, as it is named in messages.</summary>
    /// <param name="answer">An answer, given or not.</param>
    public static string Describe(Answer answer) =>
        $"'{answer.Question}' of \"{answer.Prompt}\" ({answer.Condition}), seed {answer.Seed}, layer {answer.Layer}";

    private static IEnumerable<Answer> Blank(Plan plan)
    {
        ILookup<int, PlannedQuestion> asked = plan.Questions.ToLookup(question => question.Prompt.Number);
        return
            from image in plan.Images
            from question in asked[image.Prompt.Number]
            select new Answer(
                image.Prompt.Number,
                image.Prompt.Condition,
                image.Prompt.Text,
                image.Seed,
                image.Layer,
                question.Name,
                Score: null,
                Yes: null,
                Annotator: "",
                question.Text,
                image.Path);
    }

    private readonly record struct Key(string Condition, string Prompt, int Seed, int Layer, string Question)
    {
        public static Key Of(Answer answer) => new(answer.Condition, answer.Prompt, answer.Seed, answer.Layer, answer.Question);
    }
}
