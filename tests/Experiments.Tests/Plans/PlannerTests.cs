using DiffusionLens;
using Experiments.Plans;
using Experiments.Specs;
using Experiments.Specs.Reading;
using Experiments.Tests.Specs;
using FsCheck.Xunit;
using MiniWorld;
using Snapshooter.Xunit;

namespace Experiments.Tests.Plans;

public sealed class PlannerTests
{
    private static readonly Lexicon Mini = RepositoryFiles.Mini;
    private static readonly Spec Colors = (Spec)ExperimentReader.Read(RepositoryFiles.Colors);

    [Theory]
    [InlineData("mini", 12)]
    [InlineData("coco", 23)]
    public void The_plan_of_colors_stays_as_it_is(string lexicon, int lastLayer)
    {
        Plan plan = Planner.Make(Colors, lexicon == "mini" ? Mini : RepositoryFiles.Coco, lastLayer, PlanLimits.None);

        string[] text =
        [
            $"layers {string.Join(", ", plan.Layers)} of {plan.LastLayer}; seeds {string.Join(", ", plan.Seeds)}; {plan.ImageCount} images",
            .. plan.Prompts.Select(prompt => $"{prompt.Number}. {prompt.Text} [{prompt.Folder}]"),
            .. plan.Questions.Select(question => $"{question.Prompt.Number}. {question.Name}: {question.Text} {question.Query}"),
            .. plan.Images.Take(5).Concat(plan.Images.TakeLast(1)).Select(image => image.Path),
        ];
        Snapshot.Match(string.Join('\n', text) + "\n", $"colors-{lexicon}-{lastLayer}");
    }

    [Fact]
    public void Colors_asks_the_six_questions_of_the_paper_of_at_least_24_prompts_a_condition()
    {
        Assert.Equal(6, Colors.Questions.Count);
        Assert.All(Colors.Conditions, condition => Assert.True(condition.Sample >= 24));
        Assert.Equal(["fig-3", "fig-5"], Colors.Figures.Select(figure => figure.Name));
        Assert.Equal(["fig-4", "fig-6", "fig-13-apart", "fig-13-never", "fig-15"], Colors.Strips.Select(strip => strip.Name));
    }

    [Theory]
    [InlineData("every 1/6", 24, "0 4 8 12 16 20 24")]
    [InlineData("every 1/6", 23, "3 7 11 15 19 23")]
    [InlineData("every 1/6", 12, "0 2 4 6 8 10 12")]
    [InlineData("every 1/6", 4, "0 1 2 3 4")]
    [InlineData("every 1/6", 3, "0 1 2 3")]
    [InlineData("every 4", 23, "3 7 11 15 19 23")]
    [InlineData("every 1/1", 12, "0 12")]
    [InlineData("all", 3, "0 1 2 3")]
    [InlineData("12,0,8", 12, "0 8 12")]
    public void Layers_are_counted_back_from_the_last(string choice, int lastLayer, string expected) =>
        Assert.Equal(expected, string.Join(' ', Planner.LayersOf(LayerChoiceReader.Read(choice, "--layers"), lastLayer)));

    [Theory]
    [InlineData("layers: [0, 13]", "3:13: there is no layer 13; this model has 0 (the embeddings) to 12")]
    [InlineData("layers: every 13", "3:9: every 13 of only 12 layers; write at most every 12")]
    [InlineData(
        "layers: [0, 8]",
        "3:9: the figures are about the last layer; add 12, or make images alone with --only images"
    )]
    public void An_impossible_layer_is_named_with_its_place(string layers, string error) =>
        AssertRefused("layers: every 1/6", layers, error);

    [Fact]
    public void Bars_need_the_last_layer_whatever_rows_they_are_of() => Assert.Equal(
        "small.yaml:3:9: the figures are about the last layer; add 12, or make images alone with --only images",
        MessageOf(SmallSpec.With("layers: every 1/6", "layers: [0, 8]")
            .Replace("rows: right in the last layer", "rows: all\n    kind: bars", StringComparison.Ordinal)));

    [Theory]
    [InlineData("bars", true)]
    [InlineData("histogram", true)]
    [InlineData("curves", false)]
    [InlineData("heatmap", false)]
    public void Kinds_of_figure_that_show_the_last_layer_alone_need_it(string kind, bool isNeeded)
    {
        Spec spec = SmallSpec.Read(SmallSpec.Text);

        Assert.Equal(
            isNeeded, (spec with { Figures = [spec.Figures[0] with { Rows = RowChoice.All, Kind = kind }] }).NeedsLastLayer);
    }

    [Theory]
    [InlineData(
        "{a color} {object} and",
        "{a colour} {object} and",
        "8:20: 'colour' is no group of the lexicon 'mini'; did you mean 'color'? (one of: color, object, "
            + "own color, container, surface, familiar animal, unfamiliar animal, person, thing, animal, movable)"
    )]
    [InlineData(
        "sample: 2,",
        "sample: 2, words: {color: [red, purpel]},",
        "8:89: 'purpel' is no color of the lexicon 'mini'; "
            + "did you mean 'purple'? (one of: red, orange, yellow, green, blue, purple, pink, black)"
    )]
    [InlineData("sample: 3", "sample: 49", "7:3: sample: 49, but the lexicon 'mini' has words for only 48 different prompts of this kind")]
    [InlineData("sample: 2,", "sample: 9, words: {color: [red, blue], object: [car, star], object': [car, star]},",
        "8:3: sample: 9, but the lexicon 'mini' has words for only 4 different prompts of this kind")]
    public void Words_that_the_lexicon_lacks_are_named_with_their_place(string old, string replacement, string error)
    {
        string withoutColorQuestion = SmallSpec.With("  has color: {ask: \"Anything {color}?\", sees: {color: color}, of: two}\n", "");
        string text = withoutColorQuestion.Replace(old, replacement, StringComparison.Ordinal);

        Assert.Equal($"small.yaml:{error}", MessageOf(text));
    }

    [Fact]
    public void A_sample_of_all_there_is_finds_every_prompt()
    {
        string text = SmallSpec.With("sample: 2,", "sample: 4, words: {color: [red, blue], object: [car, star], object': [car, star]},");

        Plan plan = Planner.Make(SmallSpec.Read(text), Mini, 12, PlanLimits.None);

        Assert.Equal(
            ["a blue car and a star", "a blue star and a car", "a red car and a star", "a red star and a car"],
            plan.Prompts.Where(prompt => prompt.Condition == "two").Select(prompt => prompt.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_limit_keeps_numbers_and_folders_of_what_remains()
    {
        Plan full = Planner.Make(Colors, Mini, 12, PlanLimits.None);

        Plan limited = Planner.Make(
            Colors,
            Mini,
            12,
            new PlanLimits(LayerChoiceReader.Read("0,4", "--layers"), [7], Prompts: 2, WithFigures: false));

        Assert.Equal([0, 1, 24, 25, 48, 49], limited.Prompts.Select(prompt => prompt.Number));
        Assert.Equal(limited.Prompts.Select(prompt => prompt.Folder), limited.Prompts.Select(prompt => full.Prompts[prompt.Number].Folder));
        Assert.Equal([0, 4], limited.Layers);
        Assert.Equal([7], limited.Seeds);
        Assert.Equal(limited.ImageCount, limited.Images.Count());
    }

    [Fact]
    public void A_conditions_prompts_do_not_depend_on_the_other_conditions()
    {
        Spec two = Colors with { Conditions = [Colors.Condition("two colors")], Questions = [] };

        Assert.Equal(
            Planner
                .Make(Colors, Mini, 12, PlanLimits.None)
                .Prompts.Where(prompt => prompt.Condition == "two colors")
                .Select(prompt => prompt.Text),
            Planner.Make(two, Mini, 12, PlanLimits.None).Prompts.Select(prompt => prompt.Text));
    }

    [Fact]
    public void Another_prompt_seed_draws_other_prompts()
    {
        Plan other = Planner.Make(Colors with { PromptSeed = 1 }, Mini, 12, PlanLimits.None);

        Assert.NotEqual(
            Planner.Make(Colors, Mini, 12, PlanLimits.None).Prompts.Select(prompt => prompt.Text),
            other.Prompts.Select(prompt => prompt.Text));
    }

    /// <summary>
    /// Two colored things from any seed: no prompt twice, no word twice in one, and the words spread as evenly as can be.
    /// </summary>
    [Property(MaxTest = 40)]
    public void A_sample_is_without_repetition_and_even(uint seed, byte size)
    {
        int count = 1 + (size % 96);
        ConditionSpec condition = Colors.Condition("two colors") with { Sample = count };

        IReadOnlyList<SampledPrompt> drawn = PromptSampler.Draw(condition, Mini, seed, int.MaxValue).Prompts;

        Assert.Equal(count, drawn.Select(prompt => prompt.Text).Distinct().Count());
        Assert.All(drawn, prompt => Assert.Equal(4, prompt.Words.Values.Distinct().Count()));
        foreach (string group in new[] { "color", "object" })
        {
            int[] uses = [.. Mini.Group(group).Select(word => drawn.Count(prompt => prompt.Words.Values.Contains(word)))];
            Assert.InRange(uses.Max() - uses.Min(), 0, 2);
        }
    }

    [Property(MaxTest = 20)]
    public void A_smaller_sample_is_the_beginning_of_a_larger_one(uint seed)
    {
        ConditionSpec condition = Colors.Condition("two colors");

        Assert.Equal(
            PromptSampler.Draw(condition, Mini, seed, 5).Prompts.Select(prompt => prompt.Text),
            PromptSampler.Draw(condition, Mini, seed, 24).Prompts.Take(5).Select(prompt => prompt.Text));
    }

    private static void AssertRefused(string old, string replacement, string error) =>
        Assert.Equal($"small.yaml:{error}", MessageOf(SmallSpec.With(old, replacement)));

    private static string MessageOf(string text)
    {
        Spec spec = SmallSpec.Read(text);
        string message = Assert.Throws<BadInputException>(() => Planner.Make(spec, Mini, 12, PlanLimits.None)).Message;
        return Path.GetFileName(message[..message.IndexOf(':', StringComparison.Ordinal)])
            + message[message.IndexOf(':', StringComparison.Ordinal)..];
    }
}
