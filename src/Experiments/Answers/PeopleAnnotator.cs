using Experiments.Plans;
using Experiments.Specs;

namespace Experiments.Answers;

/// <summary>People, who fill in <c>questions.csv</c>: each question is open until one of them has answered it.</summary>
internal sealed class PeopleAnnotator : IAnnotator
{
    public string Name => AnnotatorKinds.People;

    public bool IsAutomatic => false;

    public bool Gave(string annotator) => !AnnotatorName.IsMachine(annotator);

    public bool GaveBefore(string annotator) => false;

    public void RequireAble(Plan plan)
    {
        // People are asked in words, which every question has.
    }

    public IEnumerable<Answer> Answer(AnnotationRequest request, CancellationToken cancellation) => [];

    public void Dispose()
    {
        // They hold nothing.
    }
}
