using DiffusionLens;
using Experiments.Plans;
using Experiments.Results;

namespace Experiments.Answers;

/// <summary>A machine that answered before and is not asked now: its answers keep their place beside those of people.</summary>
internal sealed class EarlierAnnotator : IAnnotator
{
    private EarlierAnnotator(string name) => Name = name;

    public string Name { get; }

    public bool IsAutomatic => true;

    /// <summary>People, and the machines that have answered in a results folder, in the order of its answers.</summary>
    public static IReadOnlyList<IAnnotator> AndPeople(ResultsFolder folder)
    {
        List<IAnnotator> annotators = [];
        PeopleAnnotator people = new();
        foreach (string name in Read(folder).Select(answer => answer.Annotator).Distinct())
        {
            IAnnotator its = AnnotatorName.Party(name).Length > 0 ? new EarlierAnnotator(name) : people;
            if (!annotators.Contains(its))
            {
                annotators.Add(its);
            }
        }

        return annotators.Contains(people) ? annotators : [.. annotators, people];
    }

    // What cannot be read the ledger repairs, or refuses, and says why.
    private static IReadOnlyList<Answer> Read(ResultsFolder folder)
    {
        try
        {
            return AnswerTable.ReadIfThere(folder.Answers);
        }
        catch (BadInputException)
        {
            return AnswersFile.ReadKept(folder);
        }
    }

    public bool Gave(string annotator) => annotator == Name;

    public bool GaveBefore(string annotator) => false;

    public void RequireAble(Plan plan)
    {
        // It is not asked.
    }

    public IEnumerable<Answer> Answer(AnnotationRequest request, CancellationToken cancellation) => [];

    public void Dispose()
    {
        // It holds nothing.
    }
}
