using DiffusionLens;
using Experiments.Answers;
using Experiments.Results;

namespace Experiments.Reports;

/// <summary>Image by image who said what, disagreements first: as much as a person can judge in a minute.</summary>
/// <param name="Compared">How many questions about an image several annotators answered.</param>
/// <param name="Disputed">Of how many of these they disagree.</param>
/// <param name="DisputedImages">How many images these are about.</param>
/// <param name="Cards">The images on the sheet.</param>
internal sealed record AnswerSheet(int Compared, int Disputed, int DisputedImages, IReadOnlyList<AnswerCard> Cards)
{
    private const int Most = 24;

    /// <summary>Whose it is, in a report of several models; else empty.</summary>
    public string Model { get; init; } = "";

    /// <summary>The sheet of a run; null where nobody answered what another did.</summary>
    /// <param name="answers">All answers, in the plan's order.</param>
    /// <param name="folder">The results, with the images.</param>
    /// <exception cref="BadInputException">An image is missing.</exception>
    public static AnswerSheet? Of(IReadOnlyList<Answer> answers, ResultsFolder folder)
    {
        Answered[] compared =
        [
            .. from answer in answers
               where answer.Image.Length > 0
               group answer by answer.Key into question
               where question.Count() > 1
               select new Answered([.. question]),
        ];
        if (compared.Length == 0)
        {
            return null;
        }

        IGrouping<string, Answered>[] images =
        [
            .. compared.GroupBy(question => question.First.Image)
                .OrderByDescending(image => image.Count(question => question.IsDisputed))
                .ThenByDescending(image => image.Max(question => question.Votes)),
        ];
        return new AnswerSheet(
            compared.Length,
            compared.Count(question => question.IsDisputed),
            images.Count(image => image.Any(question => question.IsDisputed)),
            [.. images.Take(Most).Select(image => Card([.. image], folder))]);
    }

    private static AnswerCard Card(Answered[] questions, ResultsFolder folder)
    {
        Answer first = questions[0].First;
        EmbeddedThumbnail thumbnail = EmbeddedThumbnail.Of(folder.In(first.Image));
        return new AnswerCard(
            thumbnail.Image,
            thumbnail.IsTiny,
            first.Prompt,
            first.Token is int token ? $"layer {first.Layer}, seed {first.Seed}, token {token}" : $"layer {first.Layer}, seed {first.Seed}",
            [
                .. questions.OrderByDescending(question => question.IsDisputed)
                    .Select(question => new CardQuestion(
                        question.First.Asked.Length > 0 ? question.First.Asked : question.First.Question,
                        Who(question, yes: true),
                        Who(question, yes: false),
                        question.IsDisputed)),
            ]);
    }

    private static string Who(Answered question, bool yes) => string.Join(
        ", ", question.Answers.Where(answer => answer.Yes == yes).Select(answer => AnnotatorName.Plain(answer.Annotator)));

    private sealed record Answered(IReadOnlyList<Answer> Answers)
    {
        public Answer First => Answers[0];

        public bool IsDisputed => Answers.Any(answer => answer.Yes != First.Yes);

        // How even the vote is: of the smaller side.
        public int Votes => Math.Min(Answers.Count(answer => answer.Yes == true), Answers.Count(answer => answer.Yes == false));
    }
}

/// <summary>An image of the sheet.</summary>
/// <param name="Image">A <c>data:</c> URI.</param>
/// <param name="IsTiny">Whether it is to be enlarged.</param>
/// <param name="Place">Its layer and seed.</param>
/// <param name="Questions">What was asked about it, disputed questions first.</param>
internal sealed record AnswerCard(string Image, bool IsTiny, string Prompt, string Place, IReadOnlyList<CardQuestion> Questions);

/// <summary>A question about an image with who said what.</summary>
/// <param name="Yes">Those who said yes, with commas between them.</param>
/// <param name="No">Those who said no.</param>
internal sealed record CardQuestion(string Question, string Yes, string No, bool IsDisputed);
