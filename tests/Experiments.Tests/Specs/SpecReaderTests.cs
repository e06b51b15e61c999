using DiffusionLens;
using Experiments.Specs;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Experiments.Tests.Specs;

public sealed class SpecReaderTests
{
    private static readonly Spec Small = SmallSpec.Read(SmallSpec.Text);

    [Fact]
    public void A_spec_is_read_whole()
    {
        Assert.Equal("small", Small.Name);
        Assert.Equal("Small", Small.Title);
        Assert.Equal(6, Assert.IsType<LayerChoice.EveryPart>(Small.Layers).Parts);
        Assert.Equal([0, 1, 2, 3], Small.Seeds);
        Assert.Equal(new SamplerSpec("ddim", 20), Small.Sampler);
        Assert.Equal(["object", "two"], Small.Conditions.Select(condition => condition.Name));
        Assert.Equal(["has object", "has object'"], Small.Condition("two").Right.Questions);
        Assert.Equal(["has object", "has object'", "has color"], Small.Questions.Select(question => question.Name));
        Assert.Equal(new VisualQuery.Thing(new Slot("object", 1)), Small.Questions[1].Sees);
        Assert.Equal(["object", "two"], Small.Questions[0].Of);
        Assert.Equal(RowChoice.RightInTheLastLayer, Assert.Single(Small.Figures).Rows);
        StripSpec strips = Assert.Single(Small.Strips);
        Assert.Equal(("fig-2", RowChoice.All, 2), (strips.Name, strips.Rows, strips.Prompts));
    }

    [Theory]
    [InlineData("{ color:  color }", "{color: color}")]
    [InlineData("{color: color, thing: object'}", "{thing: object', color: color}")]
    [InlineData("{to: object', relation: any, thing: object}", "{thing: object, relation: any, to: object'}")]
    [InlineData("animal", "animal")]
    [InlineData("person", "person")]
    public void What_a_question_sees_has_one_text_however_it_is_written(string written, string text)
        => Assert.Equal(text, SmallSpec.Read(SmallSpec.With("{color: color}", written)).Questions[2].Sees!.Text);

    [Fact]
    public void What_a_question_sees_of_slots_and_their_attributes_has_a_text_as_well()
    {
        Slot thing = new("noun", 0), preposition = new("preposition", 0), to = new("noun", 1), animal = new("animal", 1, "class");

        Assert.Equal("{thing: noun, relation: preposition, to: noun'}", new VisualQuery.Related(thing, preposition, to).Text);
        Assert.Equal("{class of: animal'}", new VisualQuery.OfKind(animal, new SourceLocation("small.yaml", 1, 1)).Text);
    }

    [Fact]
    public void Keys_of_the_samplers_config_are_read_in_any_order()
        => Assert.Equal(
            new SamplerSpec("unipc", SchedulerConfig: "disable_corrector=[0,2] use_karras_sigmas=true"),
            SmallSpec.Read(SmallSpec.With(
                "{scheduler: ddim, steps: 20}",
                "{scheduler: unipc, scheduler config: {use_karras_sigmas: true, disable_corrector: [0, 2]}}")).Sampler);

    [Theory]
    [InlineData("on", true)]
    [InlineData("off", null)]
    public void Sizes_are_binned_where_the_sampler_says_so(string word, bool? isBinned)
        => Assert.Equal(
            new SamplerSpec("ddim", 20, ResolutionBinning: isBinned),
            SmallSpec.Read(SmallSpec.With("steps: 20", $"steps: 20, resolution binning: {word}")).Sampler);

    [Fact]
    public void A_curve_of_what_is_right_takes_the_rule_of_its_condition()
    {
        MeasuredCondition over = Assert.Single(Small.Figures[0].Curves[0].Over);

        Assert.Equal("object", over.Condition);
        Assert.Same(Small.Condition("object").Right, over.Rule);
    }

    [Theory]
    [InlineData("yes: has object, of: [object, two]", true, "object", "two")]
    [InlineData("any: [has object, has color], of: two", false, "two")]
    [InlineData("all: [has object, has color], of: two", true, "two")]
    public void A_curve_can_combine_answers(string curve, bool all, params string[] conditions)
    {
        Spec spec = SmallSpec.Read(SmallSpec.With("right: object}", curve + "}"));

        Assert.Equal(conditions, spec.Figures[0].Curves[0].Over.Select(over => over.Condition));
        Assert.All(spec.Figures[0].Curves[0].Over, over => Assert.Equal(all, over.Rule.All));
    }

    [Fact]
    public void The_hash_is_of_the_bytes()
    {
        Assert.Equal(Small.Sha256, SmallSpec.Read(SmallSpec.Text).Sha256);
        Assert.NotEqual(Small.Sha256, SmallSpec.Read(SmallSpec.Text + "\n").Sha256);
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_change_nothing()
    {
        Spec spec = SmallSpec.Read("\uFEFF" + SmallSpec.Text.ReplaceLineEndings("\r\n"));

        Assert.Equal(Small.Conditions.Select(SourceOf), spec.Conditions.Select(SourceOf));
        Assert.Equal(Small.Conditions[1].Location, spec.Conditions[1].Location with { File = Small.Conditions[1].Location.File });
    }

    [Fact]
    public void A_site_says_which_encoder_is_looked_into_and_what_the_rest_shows()
    {
        Assert.Equal(
            new LensSite(0) { Encoder = SiteEncoder.Nth(2), Others = SiteOthers.Empty, Pooled = SitePooled.Lens, Norm = SiteNorm.Matched },
            Site("{encoder: 2, others: empty, pooled: lens, norm: matched}"));
        Assert.Equal(new LensSite(0), Site("{encoder: all, others: native, pooled: native, norm: native}"));
        Assert.StartsWith(
            "small.yaml:7:63: '4' is no encoder of a site;",
            Assert.Throws<BadInputException>(() => Site("{encoder: 4}")).Message,
            StringComparison.Ordinal);

        static LensSite Site(string site) =>
            SmallSpec.Read(SmallSpec.With("sample: 3", $"sample: 3, site: {site}")).Condition("object").Site.Parts;
    }

    [Theory]
    [InlineData("figures")]
    [InlineData("strips")]
    [InlineData("sampler")]
    public void What_is_optional_may_be_left_out(string key)
    {
        string[] lines = SmallSpec.Text.Split('\n');
        int first = Array.FindIndex(lines, line => line.StartsWith(key, StringComparison.Ordinal));
        int after = Array.FindIndex(lines, first + 1, line => !line.StartsWith(' '));

        Spec spec = SmallSpec.Read(string.Join('\n', lines[..first].Concat(lines[after..])));

        Assert.True(spec.Figures.Count == 0 || spec.Strips.Count == 0 || spec.Sampler == new SamplerSpec());
    }

    /// <summary>Whatever is done to a file, the user reads one line that names it.</summary>
    [Property(MaxTest = 300)]
    public Property A_spoiled_file_is_read_or_refused_in_one_line() => Prop.ForAll(
        Gen.Choose(0, SmallSpec.Text.Length - 1).ToArbitrary(),
        Gen.Elements("", "{", "}", "[", "]", ":", "'", "\"", "\n", " ", "\t", "&", "*", "!", "-", "#", "|", "0", "é", "\0").ToArbitrary(),
        (at, piece) =>
        {
            try
            {
                SmallSpec.Read(SmallSpec.Text.Remove(at, 1).Insert(at, piece));
                return true;
            }
            catch (BadInputException error)
            {
                return error.Message.StartsWith("small.yaml:", StringComparison.Ordinal)
                    && !error.Message.Contains('\n', StringComparison.Ordinal);
            }
        });

    private static string SourceOf(ConditionSpec condition) => Assert.IsType<PromptSource.FromTemplate>(condition.Prompts).Text.Source;
}
