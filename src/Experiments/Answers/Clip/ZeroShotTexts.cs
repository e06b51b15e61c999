using MiniWorld;

namespace Experiments.Answers.Clip;

/// <summary>What CLIP is shown in place of a question: what the image would be said to be if the answer were yes, and what else it could be
/// said to be.</summary>
/// <param name="Statement">If it is yes.</param>
/// <param name="Alternatives">If it is no, each another text: negations, and the statement with one of its words exchanged for another of
/// the word's group in the lexicon.</param>
internal sealed record ZeroShotTexts(string Statement, IReadOnlyList<string> Alternatives)
{
    /// <summary>Changes where texts change, so that answers by other texts are asked again.</summary>
    public const int Version = 1;

    private const string Colors = "color";

    /// <summary>The texts of a question.</summary>
    /// <param name="beside">
    /// The words of the image's prompt. Those that the question is not about are no alternatives: both may be there.
    /// </param>
    public static ZeroShotTexts Of(Question question, IEnumerable<string> beside, Lexicon lexicon)
    {
        Words words = new(lexicon, [.. beside]);
        return question switch
        {
            Question.ThingPresent(var thing) => Of(words.A(thing), words.OthersOf(thing).Select(words.A)),
            Question.ColorPresent(var color) => Of($"something {color}", words.OtherColors(color).Select(other => $"something {other}")),
            Question.ThingInColor(var thing, var color) => Of(
                words.A(thing, color),
                [
                    $"{words.A(thing)} that is not {color}",
                    .. words.OtherColors(color).Select(other => words.A(thing, other)),
                    .. words.OthersOf(thing).Select(other => words.A(other, color)),
                ]),
            Question.Related(var first, var relation, var second) => Of(
                $"{words.A(first)} {relation} {words.A(second)}",
                [
                    $"{words.A(first)} that is not {relation} {words.A(second)}",
                    words.A(first),
                    words.A(second),
                    .. words.OthersOf(first).Select(other => $"{words.A(other)} {relation} {words.A(second)}"),
                    .. words.OthersOf(second).Select(other => $"{words.A(first)} {relation} {words.A(other)}"),
                ]),
            Question.Together(var one, var other) => Of(
                $"{words.A(one)} and {words.A(other)} together",
                [
                    $"{words.A(one)} without {words.A(other)}",
                    $"{words.A(other)} without {words.A(one)}",
                    .. words.OthersOf(one).Select(word => $"{words.A(word)} and {words.A(other)} together"),
                    .. words.OthersOf(other).Select(word => $"{words.A(one)} and {words.A(word)} together"),
                ]),
            Question.AnimalPresent => Of("an animal", ["a person", "an object"]),
            Question.PersonPresent => Of("a person", ["an animal", "an object"]),
            Question.AnimalOfClass(var name) => Of(A(name), words.OtherValues(word => word.Class, name).Select(A)),
            Question.PersonOfGender(var gender) => Of(
                $"a {gender} person", words.OtherValues(word => word.Gender, gender).Select(other => $"a {other} person")),
            Question.PersonOfTrade(var trade) => Of(A(trade), words.OtherValues(word => word.Trade, trade).Select(A)),
            _ => throw new ArgumentException($"No statement for {question}", nameof(question)),
        };
    }

    private static ZeroShotTexts Of(string shown, IEnumerable<string> others) => new(
        $"a photo of {shown}",
        [
            $"a photo without {shown}",
            .. others.Select(other => $"a photo of {other}").Distinct().Where(other => other != $"a photo of {shown}"),
        ]);

    private static string A(string word) => $"{LexiconWord.ArticleOf(word)} {word}";

    // Words as they are said, and the others of their groups.
    private sealed class Words(Lexicon lexicon, HashSet<string> beside)
    {
        public string A(string thing) => ArticleOf(thing) is { Length: > 0 } article ? $"{article} {thing}" : thing;

        public string A(string thing, string color) =>
            ArticleOf(thing).Length > 0 ? $"{LexiconWord.ArticleOf(color)} {color} {thing}" : $"{color} {thing}";

        public IEnumerable<string> OthersOf(string thing) => OthersIn(GroupOf(thing), thing);

        public IEnumerable<string> OtherColors(string color) =>
            OthersIn(lexicon.GroupNames.Contains(Colors) ? lexicon.Group(Colors) : [], color);

        public IEnumerable<string> OtherValues(Func<LexiconWord, string?> attribute, string value) =>
            lexicon.AllWords.Select(attribute).OfType<string>().Distinct().Where(other => other != value);

        private IEnumerable<string> OthersIn(IReadOnlyList<string> group, string word) =>
            group.Where(other => other != word && !beside.Contains(other));

        // The first group of things that has it: an orange is a color too.
        private IReadOnlyList<string> GroupOf(string thing) =>
            lexicon.GroupNames.Where(name => name != Colors).Select(lexicon.Group).FirstOrDefault(group => group.Contains(thing)) ?? [];

        // Names have none.
        private string ArticleOf(string thing) =>
            lexicon.Find(thing) is { } found ? found.Gender is null ? found.Article : ""
            : char.IsUpper(thing[0]) ? "" : LexiconWord.ArticleOf(thing);
    }
}
