using System.Globalization;
using System.Text.RegularExpressions;
using Experiments.Answers;
using Experiments.Measures;

namespace Experiments.HuggingFace;

/// <summary>
/// People's names as <c>person 1</c>, <c>person 2</c>, in the order of their first answers, and no times at which they worked. Machines
/// keep their names.
/// </summary>
internal sealed class AnnotatorPseudonyms
{
    private readonly Dictionary<string, string> _pseudonyms = [];

    private AnnotatorPseudonyms()
    {
    }

    /// <summary>Everybody keeps their name.</summary>
    public static AnnotatorPseudonyms None { get; } = new();

    /// <summary>Pseudonyms for all people who answered.</summary>
    public static AnnotatorPseudonyms Of(IEnumerable<Answer> answers)
    {
        AnnotatorPseudonyms made = new();
        foreach (string person in answers.Select(answer => answer.Annotator).Where(IsPerson).Distinct())
        {
            made._pseudonyms[person] = string.Create(CultureInfo.InvariantCulture, $"person {made._pseudonyms.Count + 1}");
        }

        return made;
    }

    /// <summary>Whether an annotator is a person.</summary>
    public static bool IsPerson(string annotator) => annotator.Length > 0 && AnnotatorName.Party(annotator).Length == 0;

    /// <summary>An answer without what says who gave it.</summary>
    public Answer Hide(Answer answer) => _pseudonyms.TryGetValue(answer.Annotator, out string? pseudonym)
        ? answer with { Annotator = pseudonym, Answered = null }
        : answer;

    /// <summary>A measure without the names of those whose answers it is made from.</summary>
    public MeasurePoint Hide(MeasurePoint point) => _pseudonyms.Count == 0 ? point : point with
    {
        AnswersBy = Hide(point.AnswersBy),
        Corrected = point.Corrected is { } corrected ? corrected with { Annotator = Hide(corrected.Annotator) } : null,
    };

    /// <summary>
    /// A text without the names. In one pass, the longest name first: what stands in a name's place is not looked at again. A machine that
    /// is called as a person is still has its hash behind it.
    /// </summary>
    public string Hide(string text) => _pseudonyms.Count == 0 ? text : Regex.Replace(
        text,
        string.Join('|', _pseudonyms.Keys.OrderByDescending(name => name.Length).Select(name => $@"(?<!\w){Regex.Escape(name)}(?![\w@])")),
        match => _pseudonyms[match.Value],
        RegexOptions.CultureInvariant);
}
