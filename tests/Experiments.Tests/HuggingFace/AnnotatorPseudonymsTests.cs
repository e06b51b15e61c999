using Experiments.Answers;
using Experiments.HuggingFace;
using Experiments.Tests.Answers;

namespace Experiments.Tests.HuggingFace;

public sealed class AnnotatorPseudonymsTests
{
    [Fact]
    public void A_machine_that_is_called_as_a_person_keeps_its_name() => Assert.Equal(
        "robot@0123abcd, else person 1 or person 2",
        Of("robot", "robot junior", "robot@0123abcd").Hide("robot@0123abcd, else robot or robot junior"));

    [Fact]
    public void Only_whole_names_are_hidden() =>
        Assert.Equal("all rows of Anna and person 1", Of("An").Hide("all rows of Anna and An"));

    private static AnnotatorPseudonyms Of(params string[] annotators)
    {
        Answer answer = SmallPlan.Answers(SmallPlan.Plan, _ => 0)[0];
        return AnnotatorPseudonyms.Of(annotators.Select(annotator => answer with { Annotator = annotator }));
    }
}
