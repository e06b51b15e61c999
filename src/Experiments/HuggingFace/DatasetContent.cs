using Experiments.Answers;
using Experiments.Measures;
using Experiments.Results;
using Experiments.Specs;

namespace Experiments.HuggingFace;

/// <summary>All that a dataset is written from, with names of people already hidden where they are to be.</summary>
/// <param name="Spec">The experiment.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Manifest">What made the results; null where that is not known.</param>
/// <param name="Images">The images.</param>
/// <param name="Answers">What was answered, and what was asked and is open.</param>
/// <param name="Measures">The figures' numbers; empty where not all is answered.</param>
/// <param name="Answered">The answers as an experiment; null where there are none.</param>
/// <param name="Calibration">What annotators are worth; null where that was not measured.</param>
/// <param name="License">The license's name on the hub.</param>
internal sealed record DatasetContent(
    Spec Spec,
    string Model,
    RunManifest? Manifest,
    IReadOnlyList<DatasetImage> Images,
    IReadOnlyList<Answer> Answers,
    IReadOnlyList<MeasurePoint> Measures,
    AnsweredExperiment? Answered,
    CalibrationTable? Calibration,
    string License)
{
    /// <summary>The questions of the experiment, a line a question and condition that it was asked of.</summary>
    public IReadOnlyList<DatasetQuestion> Questions { get; } =
    [
        .. from question in Spec.Questions
           from condition in Spec.Conditions
           let asked = Answers.Where(answer => answer.Question == question.Name && answer.Condition == condition.Name).ToArray()
           where asked.Length > 0
           select new DatasetQuestion(
               question.Name,
               condition.Name,
               question.Ask.Source,
               QuestionKind.Of(question),
               condition.Right.Questions.Contains(question.Name),
               asked.Count(answer => answer.Yes == true),
               asked.Count(answer => answer.Yes == false),
               asked.Count(answer => answer.Yes is null)),
    ];
}

/// <summary>A question of the experiment, as it was asked about the images of a condition.</summary>
/// <param name="Ask">The sentence, with slots for the words of a prompt.</param>
/// <param name="Kind">What it is about (<see cref="QuestionKind"/>).</param>
/// <param name="MakesRight">Whether its answer counts for an image to be right.</param>
/// <param name="Yes">How often the answer was yes, of all annotators.</param>
/// <param name="No">How often it was no.</param>
/// <param name="Open">How often it has no answer yet.</param>
internal sealed record DatasetQuestion(
    string Question, string Condition, string Ask, string Kind, bool MakesRight, int Yes, int No, int Open);
