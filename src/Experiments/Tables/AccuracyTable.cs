using System.Globalization;
using Experiments.Answers;
using Experiments.Measures;

namespace Experiments.Tables;

/// <summary>What annotators' answers are worth: how many they gave to each kind of question, and how often they are right of it.</summary>
internal static class AccuracyTable
{
    /// <summary>A row an annotator and kind of question.</summary>
    /// <param name="said">What they said; one or more.</param>
    public static TableSheet Of(IReadOnlyList<AnsweredKind> said) => new(
        "accuracy",
        "What their answers are worth",
        string.Join(' ', (string[])[.. Known(said), .. Unknown(said)]),
        ["Annotator", "Question", "Answers", "Yes", "Measured accuracy", "n measured", "Sensitivity", "Specificity"],
        [
            .. said.Select(one => (IReadOnlyList<string>)
            [
                AnnotatorName.Plain(one.Annotator), one.Kind, Whole(one.Count), $"{ShareText.Of((double)one.Yes / one.Count)} ({one.Yes})",
                Cell(one.Errors?.Accuracy), one.Errors is { } errors ? Whole(errors.Confusion.Count) : "–",
                Cell(one.Errors?.Sensitivity), Cell(one.Errors?.Specificity),
            ]),
        ]);

    /// <summary>Who answered, with how often each is right of this kind of question, in a sentence for a figure.</summary>
    public static string Sentence(IReadOnlyList<AnsweredKind> said) => said.Count == 0 ? ""
        : $"Answers by {string.Join("; ", said.GroupBy(one => AnnotatorName.Plain(one.Annotator)).Select(OfOne))}.";

    private static string OfOne(IGrouping<string, AnsweredKind> annotator)
    {
        string[] known =
        [
            .. from one in annotator
               let errors = one.Errors
               where errors is not null
               select $"{one.Kind} {ShareText.Of(errors.Accuracy)}, n = {Whole(errors.Confusion.Count)}",
        ];
        string[] unknown = [.. annotator.Where(one => one.Errors is null).Select(one => one.Kind)];
        return (known.Length, unknown.Length) switch
        {
            (0, _) => $"{annotator.Key} (whose errors nobody has measured)",
            (_, 0) => $"{annotator.Key} (measured accuracy: {string.Join("; ", known)})",
            _ => $"{annotator.Key} (measured accuracy: {string.Join("; ", known)}; not measured: {string.Join(", ", unknown)})",
        };
    }

    private static IEnumerable<string> Known(IReadOnlyList<AnsweredKind> said) => said.All(one => one.Errors is null) ? [] :
    [
        "How often an annotator is right was measured by 'calibrate' on images whose truth is known. These are not the images of this "
            + "run: what a model makes badly can mislead an annotator more often. Sensitivity is the share of yes where it is so, "
            + "specificity of no where it is not; in brackets 95 % intervals (Wilson).",
    ];

    private static IEnumerable<string> Unknown(IReadOnlyList<AnsweredKind> said)
    {
        string[] unknown =
        [
            .. from one in said
               where one.Errors is null
               group one.Kind by AnnotatorName.Plain(one.Annotator) into annotator
               select $"{annotator.Key} ({string.Join(", ", annotator)})",
        ];
        return unknown.Length == 0 ? [] :
        [
            $"Nobody has measured how often these err: {string.Join("; ", unknown)}. What they say is shown as it is; "
                + "'dlens-repro calibrate' measures machines.",
        ];
    }

    private static string Cell(CountedShare? share) => ShareText.Of(share ?? default);

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
