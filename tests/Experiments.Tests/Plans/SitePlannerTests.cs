using DiffusionLens;
using DiffusionLens.Tokenizers;
using Experiments.Answers;
using Experiments.Measures;
using Experiments.Plans;
using Experiments.Specs;
using Experiments.Tests.Specs;

namespace Experiments.Tests.Plans;

/// <summary>Sites whose words are those of each prompt, with the tokenizer of a CLIP whose merges are few.</summary>
public sealed class SitePlannerTests
{
    private static readonly PromptTokenizer Clip =
        PromptTokenizer.FromFolder(Path.Combine(AppContext.BaseDirectory, "reference", "sd1", "tokenizer"));

    [Fact]
    public void A_prompts_own_words_stand_in_its_site()
    {
        Plan plan = Make("{tokens: \"word {object}\", rest: native, source: \"{a object}\"}");

        Assert.All(Prompts(plan), prompt =>
        {
            string word = prompt.Words["object"];
            LensSite site = Assert.Single(prompt.Sites);
            Assert.Equal((SiteTokens.Word(word), SiteRest.Native), (site.Tokens, site.Rest));
            Assert.EndsWith(word, site.Source, StringComparison.Ordinal);
            Assert.Equal(prompt.Text, site.Source);
        });
        Assert.Equal(plan.Images.Count(), plan.ImageCount);
        Assert.Equal(plan.Images.Count(), plan.Images.Select(image => image.Path).Distinct().Count());
    }

    [Fact]
    public void Each_token_of_a_word_is_a_site_and_a_row_of_its_own()
    {
        Plan plan = Make("{tokens: \"each of {object}\", rest: empty-final}");

        Assert.All(Prompts(plan), prompt =>
        {
            IReadOnlyList<int> positions = Clip.Encode(prompt.Text).PositionsOf(SiteTokens.Word(prompt.Words["object"]));
            Assert.Equal(positions, prompt.Sites.Select(site => site.Tokens.Position!.Value));
        });
        Assert.Contains(Prompts(plan), prompt => prompt.Sites.Count > 1);
        Assert.Equal(plan.Images.Count(), plan.ImageCount);
        Assert.Equal(plan.ImageCount, plan.Images.Select(image => image.Path).Distinct().Count());
        PlannedImage image = plan.Images.First(image => image.Site.Tokens.Position is not null);
        Assert.EndsWith($"/layer-00_tokens-token-2_rest-empty-final_seed-0.png", image.Path, StringComparison.Ordinal);

        Answer[] answers =
        [
            .. from each in plan.Images
               from question in plan.Questions
               where question.Prompt.Number == each.Prompt.Number
               select AnsweringStage.Blank(each, question) with { Yes = true, Annotator = "Ana" },
        ];
        Assert.Equal(plan.AnswerCount, answers.Length);
        IReadOnlyList<AnsweredRow> rows = AnsweredExperiment.Of(plan, answers).Rows;
        Assert.Equal(
            plan.Rows.Select(row => (row.Prompt.Condition, row.Prompt.Text, row.Seed, row.Token)),
            rows.Select(row => (row.Condition, row.Prompt, row.Seed, row.Token)));
        Assert.Equal(
            "layer-00_tokens-each-of-{object}_rest-empty-final",
            Measuring.Compute(AnsweredExperiment.Of(plan, answers)).Right("object")[0].Site);
    }

    [Fact]
    public void A_word_that_is_not_in_a_prompt_is_an_error_at_its_place_in_the_spec()
    {
        string error = Assert.Throws<BadInputException>(() => Make("{tokens: word dragon}")).Message;

        Assert.Contains("small.yaml:7:62: \"dragon\" is not a word of the prompt \"", error, StringComparison.Ordinal);
        Assert.Contains(
            "small.yaml:7:62: there is no token 77 in the prompt",
            Assert.Throws<BadInputException>(() => Make("{tokens: token 77}")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Words_and_positions_are_those_of_the_text_as_long_as_the_condition_reads_it()
    {
        Assert.Contains(
            "small.yaml:7:62: there is no token 6 in the prompt",
            Assert.Throws<BadInputException>(() => Make("{tokens: token 6}, text: {length: 6}")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "is in the part that is cut off, behind the first 1 tokens, of the prompt",
            Assert.Throws<BadInputException>(() => Make("{tokens: \"each of {object}\", rest: empty-final}, text: {length: 3}")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Encoders_that_have_the_word_at_different_positions_need_a_choice()
        => Assert.Contains(
            "name one of them, as in encoder: 1",
            Assert.Throws<BadInputException>(() => SitePlanner.SitesOf(
                SmallSpec.Read(SmallSpec.With("sample: 3", "sample: 3, site: {tokens: each of circle}")).Condition("object").Site,
                "red circle",
                new Dictionary<string, string>(),
                RepositoryFiles.Mini,
                (_, text) => [Clip.Encode(text), Clip.Encode($"a {text}")])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Where_embeddings_cannot_be_looked_at_they_are_left_out_of_all_and_refused_in_lists()
    {
        LayerChoice all = new LayerChoice.All(default), none = new LayerChoice.Listed([(0, new SourceLocation("--layers"))], default);

        Assert.Equal([1, 2, 3], Planner.LayersOf(all, lastLayer: 3, firstLayer: 1));
        Assert.StartsWith(
            "--layers: layer 0 is that of embeddings",
            Assert.Throws<BadInputException>(() => Planner.LayersOf(none, lastLayer: 3, firstLayer: 1)).Message,
            StringComparison.Ordinal);
    }

    private static IEnumerable<PlannedPrompt> Prompts(Plan plan) => plan.Prompts.Where(prompt => prompt.Condition == "object");

    private static Plan Make(string site) => Planner.Make(
        SmallSpec.Read(SmallSpec.With("sample: 3", $"sample: 3, site: {site}")),
        RepositoryFiles.Mini,
        12,
        PlanLimits.None,
        tokensOf: (_, length) => (_, text) => [Clip.WithLength(length?.Tokens ?? 77).Encode(text)]);
}
