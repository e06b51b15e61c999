using DiffusionLens;
using MiniWorld.Scenes;

namespace MiniWorld.Tests;

public sealed class LexiconTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"lexicon-{Guid.NewGuid():N}.yaml");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Groups_and_unions_give_their_words_in_the_files_order()
    {
        Lexicon lexicon = Read("""
            version: 1
            name: tiny
            groups:
              object: [car, hot dog]
              animal: {dog: {class: mammal, frequency: 2}, owl: , elk: {article: one}}
            unions:
              thing: [animal, object]
            """);

        Assert.Equal("tiny", lexicon.Name);
        Assert.Equal(["dog", "owl", "elk", "car", "hot dog"], lexicon.Group("thing"));
        Assert.Equal(["a", "an", "one"], lexicon.Words("animal").Select(word => word.Article));
        Assert.Equal(("animal", "mammal", 2), (lexicon.Find("dog")!.Group, lexicon.Find("dog")!.Class, lexicon.Find("dog")!.Frequency));
        Assert.Null(lexicon.Find("cat"));
        Assert.Empty(lexicon.Scenes);
    }

    [Theory]
    [InlineData("groups: {object: [car]}\nnam: x", "2:1: unknown key 'nam'; did you mean 'name'?")]
    [InlineData("version: 2\nname: x\ngroups: {object: [car]}", "1:10: version '2' is unknown; this program reads version 1")]
    [InlineData("version: 1\ngroups: {object: [car]}", "1:1: 'name' is missing")]
    [InlineData(
        "version: 1\nname: x\ngroups:\n  object: {car: {frequenzy: 2}}",
        "4:18: unknown attribute 'frequenzy'; did you mean 'frequency'?")]
    [InlineData("version: 1\nname: x\ngroups:\n  object: {car: {frequency: often}}", "4:29: expected a positive number, found 'often'")]
    [InlineData("version: 1\nname: x\ngroups:\n  object: {car: {frequency: 0}}", "4:29: expected a positive number, found '0'")]
    [InlineData("version: 1\nname: x\ngroups:\n  object: {box: {level: 3}}", "4:25: expected a number in 0..1, found '3'")]
    [InlineData("version: 1\nname: x\ngroups:\n  color: {red: {rgb: [1, 2]}}", "4:22: expected three numbers [red, green, blue], found 2")]
    [InlineData("version: 1\nname: x\ngroups:\n  color: {red: {rgb: [1, 2, 256]}}", "4:29: expected a number in 0..255, found '256'")]
    [InlineData(
        "version: 1\nname: x\ngroups:\n  color: [red]\n  object: {car: {usual: {rad: 5}}}",
        "5:26: unknown color 'rad'; did you mean 'red'?")]
    [InlineData("version: 1\nname: x\ngroups:\n  object: [car, car]", "4:11: 'car' is listed twice in 'object'")]
    [InlineData("version: 1\nname: x\ngroups:\n  object: []", "4:11: group 'object' has no words")]
    [InlineData("version: 1\nname: x\ngroups:\n  object: car", "4:11: expected 'name: value' entries")]
    [InlineData(
        "version: 1\nname: x\ngroups: {object: [car]}\nunions: {thing: [objects]}",
        "4:18: unknown group 'objects'; did you mean 'object'?")]
    [InlineData(
        "version: 1\nname: x\ngroups: {object: [car]}\nunions: {object: [object]}",
        "4:10: 'object' is a group already; a union needs a name of its own")]
    [InlineData(
        "version: 1\nname: x\ngroups: {object: [car]}\nscenes: {things: 1}",
        "4:10: unknown kind of scene 'things'; did you mean 'thing'?")]
    [InlineData("version: 1\nname: x\ngroups: {object: [b {g: m}]}", "3:21: not YAML: ")]
    [InlineData("version: 1\nname: x\ngroups: {!a object: [x], object: [y]}", "3:10: a tag (!); a lexicon has none")]
    [InlineData("version: 1\nname: x\ngroups: {object: &a [x], thing: *a}", "3:18: an anchor or alias (& or *); a lexicon has none")]
    [InlineData("version: 1\nname: x\ngroups: {object: [x], object: [y]}", "not YAML: ")]
    [InlineData("version: 1\nname: x\ngroups: {object: [x], 'object': [y]}", "not YAML: ")]
    [InlineData("version: 1\nname: x\ngroups: {object: {car: {frequency: 1e999}}}", "expected a positive number, at most")]
    [InlineData("version: 1\nname: x\ngroups: {object: {car: {frequency: .nan}}}", "expected a positive number, found '.nan'")]
    [InlineData("version: 1\nname: x\ngroups: {object: [x]}\nscenes: {thing: 0}", "4:9: no kind of scene has a frequency above 0")]
    [InlineData("version: 1\nname: x\ngroups: {object: [x]}\nunions: {all: []}", "4:10: union 'all' has no groups")]
    [InlineData("version: 1\nname: x\n? [a, b]\n: c", "3:3: expected a word")]
    [InlineData("version: 1\nname: x\n---\nname: y", "1:1: expected one YAML document, found 2")]
    [InlineData("version: 1\nname: [", "not YAML: ")]
    [InlineData("", "1:1: expected one YAML document, found 0")]
    public void A_mistake_is_named_with_its_place_and_what_would_be_right(string yaml, string error)
    {
        BadInputException refusal = Assert.Throws<BadInputException>(() => Read(yaml));

        Assert.StartsWith($"{_path}:", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Deep_nesting_ends_in_a_line_and_not_in_the_end_of_the_stack(string opening)
    {
        BadInputException refusal = Assert.Throws<BadInputException>(() => Read(string.Concat(Enumerable.Repeat(opening, 50_000))));

        Assert.Contains("nested deeper than 12; no lexicon needs that", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_damage_of_a_lexicon_is_told_in_a_line_or_does_no_harm()
    {
        Random random = new(3);
        string whole = File.ReadAllText(Mini.LexiconPath)[..3000];
        string signs = "[]{}:,-?!&*#|>'\"%@`\t\n x0";
        for (int i = 0; i < 300; i++)
        {
            int at = random.Next(whole.Length);
            string damaged = whole[..at] + signs[random.Next(signs.Length)] + whole[(at + random.Next(2))..];
            if (Record.Exception(() => Read(damaged)) is { } failure)
            {
                Assert.IsType<BadInputException>(failure);
                Assert.DoesNotContain('\n', failure.Message);
            }
        }
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Equal($"{_path}: no such lexicon file", Assert.Throws<BadInputException>(() => Lexicon.Load(_path)).Message);

    [Fact]
    public void An_unknown_group_names_the_nearest()
    {
        BadInputException refusal = Assert.Throws<BadInputException>(() => Mini.Lexicon.Group("colr"));

        Assert.EndsWith("no group 'colr'; did you mean 'color'?", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("object", 45)]
    [InlineData("own color", 15)]
    [InlineData("color", 8)]
    [InlineData("container", 6)]
    [InlineData("surface", 5)]
    [InlineData("familiar animal", 20)]
    [InlineData("unfamiliar animal", 20)]
    [InlineData("person", 24)]
    public void The_small_world_has_enough_of_everything(string group, int least) => Assert.True(Mini.Lexicon.Words(group).Count >= least);

    [Theory]
    [InlineData("familiar animal")]
    [InlineData("unfamiliar animal")]
    [InlineData("person")]
    public void How_long_a_name_is_says_nothing_of_how_often_it_is_met(string group)
    {
        ILookup<bool, double> frequencies = Mini.Lexicon.Words(group)
            .ToLookup(word => word.Text.Split(' ').Length > (group == "person" ? 2 : 1), word => Math.Log(word.Frequency));

        Assert.Equal(frequencies[true].Count(), frequencies[false].Count());
        Assert.Equal(frequencies[true].Average(), frequencies[false].Average(), 0.15);
    }

    [Fact]
    public void Unfamiliar_animals_are_twenty_times_rarer_than_familiar_ones()
    {
        double unfamiliar = Mini.Lexicon.Words("unfamiliar animal").Max(word => word.Frequency);
        double familiar = Mini.Lexicon.Words("familiar animal").Min(word => word.Frequency);

        Assert.True(unfamiliar * 20 <= familiar);
    }

    [Fact]
    public void Every_animal_has_a_class_and_every_person_a_gender_and_a_trade()
    {
        Assert.All(Mini.Lexicon.Words("animal"), word => Assert.NotNull(word.Class));
        Assert.All(Mini.Lexicon.Words("person"), word => Assert.True(word is { Gender: "male" or "female", Trade: not null, Class: null }));
        Assert.All(Mini.Lexicon.Words("color"), word => Assert.NotNull(word.Rgb));
        Assert.All(Mini.Lexicon.Words("container").Concat(Mini.Lexicon.Words("surface")), word => Assert.NotNull(word.Level));
        Assert.Equal(Enum.GetValues<SceneKind>(), Mini.Lexicon.Scenes.Keys);
    }

    private Lexicon Read(string yaml)
    {
        File.WriteAllText(_path, yaml);
        return Lexicon.Load(_path);
    }
}
