namespace MiniWorld;

/// <summary>All questions that can be asked about the images of a small world.</summary>
public static class Questions
{
    /// <summary>
    /// Every thing, animal and person; every color; every thing that takes colors in each of them; everything that can lie in a
    /// container or on a surface with each of those; animals and their classes; persons, genders and trades.
    /// </summary>
    public static IReadOnlyList<Question> AllOf(Lexicon lexicon) =>
    [
        .. lexicon.AllWords.Where(word => word.Rgb is null).Select(word => new Question.ThingPresent(word.Text)),
        .. lexicon.Group("color").Select(color => new Question.ColorPresent(color)),
        .. Pairs(lexicon, "object", "color", (thing, color) => new Question.ThingInColor(thing, color)),
        .. Pairs(lexicon, "movable", "container", (thing, place) => new Question.Related(thing, "in", place)),
        .. Pairs(lexicon, "movable", "surface", (thing, place) => new Question.Related(thing, "on", place)),
        new Question.AnimalPresent(),
        .. Values(lexicon, "animal", word => word.Class).Select(name => new Question.AnimalOfClass(name)),
        new Question.PersonPresent(),
        .. Values(lexicon, "person", word => word.Gender).Select(gender => new Question.PersonOfGender(gender)),
        .. Values(lexicon, "person", word => word.Trade).Select(trade => new Question.PersonOfTrade(trade)),
    ];

    /// <summary>A question in a few words, without commas: <c>thing: car</c>, <c>car in red</c>, <c>dog on table</c>.</summary>
    public static string Name(Question question) => question switch
    {
        Question.ThingPresent(var thing) => $"thing: {thing}",
        Question.ColorPresent(var color) => $"color: {color}",
        Question.ThingInColor(var thing, var color) => $"{color} {thing}",
        Question.Related(var first, var relation, var second) => $"{first} {relation} {second}",
        Question.Together(var one, var other) => $"{one} together with {other}",
        Question.AnimalPresent => "animal",
        Question.AnimalOfClass(var name) => $"class: {name}",
        Question.PersonPresent => "person",
        Question.PersonOfGender(var gender) => $"gender: {gender}",
        Question.PersonOfTrade(var trade) => $"trade: {trade}",
        _ => throw new ArgumentException($"No name for {question}", nameof(question)),
    };

    private static IEnumerable<Question> Pairs(Lexicon lexicon, string first, string second, Func<string, string, Question> ask) =>
        lexicon.Group(first).SelectMany(one => lexicon.Group(second).Select(other => ask(one, other)));

    private static IEnumerable<string> Values(Lexicon lexicon, string group, Func<LexiconWord, string?> attribute) =>
        lexicon.Words(group).Select(attribute).OfType<string>().Distinct();
}
