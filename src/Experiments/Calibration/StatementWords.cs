using MiniWorld;

namespace Experiments.Calibration;

/// <summary>What a question about an image says.</summary>
internal static class StatementWords
{
    /// <summary>The words of a lexicon that it is about.</summary>
    public static IReadOnlyList<string> Of(Question question) => question switch
    {
        Question.ThingPresent(var thing) => [thing],
        Question.ColorPresent(var color) => [color],
        Question.ThingInColor(var thing, var color) => [thing, color],
        Question.Related(var first, _, var second) => [first, second],
        Question.Together(var one, var other) => [one, other],
        Question.AnimalOfClass(var name) => [name],
        Question.PersonOfGender(var gender) => [gender],
        Question.PersonOfTrade(var trade) => [trade],
        _ => [],
    };

    /// <summary>The question in words, for those who are asked in words.</summary>
    public static string Asked(Question question, Lexicon lexicon)
    {
        return question switch
        {
            Question.ThingPresent(var thing) => $"Is there {A(thing)} in the picture?",
            Question.ColorPresent(var color) => $"Is there anything {color} in the picture?",
            Question.ThingInColor(var thing, var color) => $"Is there {LexiconWord.ArticleOf(color)} {color} {thing} in the picture?",
            Question.Related(var first, var relation, var second) => $"Is there {A(first)} {relation} {A(second)} in the picture?",
            Question.Together(var one, var other) => $"Is one of {A(one)} and {A(other)} in or on the other?",
            Question.AnimalPresent => "Is there an animal in the picture?",
            Question.AnimalOfClass(var name) => $"Is there {LexiconWord.ArticleOf(name)} {name} in the picture?",
            Question.PersonPresent => "Is there a person in the picture?",
            Question.PersonOfGender(var gender) => $"Is there a {gender} person in the picture?",
            Question.PersonOfTrade(var trade) => $"Is there {LexiconWord.ArticleOf(trade)} {trade} in the picture?",
            _ => throw new ArgumentException($"No words for {question}", nameof(question)),
        };

        string A(string thing) => lexicon.Find(thing) is { } word
            ? word.Gender is null && word.Article.Length > 0 ? $"{word.Article} {thing}" : thing
            : $"{LexiconWord.ArticleOf(thing)} {thing}";
    }
}
