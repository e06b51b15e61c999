using DiffusionLens;
using DiffusionLens.Tokenizers;
using Experiments.Beyond;
using Experiments.Plans;
using Experiments.Specs;
using Experiments.Specs.Reading;
using Experiments.Tests.Specs;
using MiniWorld;

namespace Experiments.Tests.Plans;

/// <summary>The experiments that come with the tool.</summary>
public sealed class CommittedSpecTests
{
    private const int LayersOfMini = 12;

    // What an embedded model makes at 11 images a second in about eleven minutes.
    private const int MostImages = 7600;

    // What one that followed the paper makes of it, a few minutes on the slower of the embedded models.
    private const int MostOfAFollowUp = 1400;

    private static readonly Lexicon Mini = RepositoryFiles.Mini, Coco = RepositoryFiles.Coco;

    // As long as a real model's: the words of COCO have more tokens than the embedded model reads.
    private static readonly PromptTokenizer Tokenizer =
        PromptTokenizer.FromFolder(Path.Combine(AppContext.BaseDirectory, "models", "mini-sd", "tokenizer")).WithLength(77);

    public static TheoryData<string> Names => [.. Generating.Select(path => Path.GetFileNameWithoutExtension(path)!)];

    // A comparison reads what others made, and plans nothing.
    private static string[] Generating => [.. RepositoryFiles.Experiments.Where(path => ExperimentReader.Read(path) is Spec)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_experiment_can_be_planned_for_the_embedded_models_and_for_real_ones(string name)
    {
        Spec spec = (Spec)ExperimentReader.Read(RepositoryFiles.Experiment(name));

        foreach ((Lexicon lexicon, int lastLayer) in new[] { (Mini, LayersOfMini), (Coco, 23), (Coco, 24) })
        {
            Plan plan = Planner.Make(spec, lexicon, lastLayer, PlanLimits.None, tokensOf: (_, _) => Tokens);

            Assert.Equal(plan.Prompts.Count, plan.Prompts.Select(prompt => prompt.Folder).Distinct().Count());
            Assert.DoesNotContain(plan.Questions, question => question.Text.Contains('{', StringComparison.Ordinal));
            Assert.All(plan.Prompts, prompt => Assert.Contains(plan.Questions, question => question.Prompt == prompt));
        }
    }

    [Fact]
    public void All_experiments_together_stay_within_minutes()
    {
        ILookup<bool, int> images = Generating.ToLookup(
            path => FollowUp.All.Any(one => one.Name == Path.GetFileNameWithoutExtension(path)),
            path => Planner.Make(
                (Spec)ExperimentReader.Read(path), Mini, LayersOfMini, PlanLimits.None, tokensOf: (_, _) => Tokens).ImageCount);

        Assert.InRange(images[false].Sum(), 5000, MostImages);
        Assert.Equal(FollowUp.All.Count, images[true].Count());
        Assert.All(images[true], count => Assert.InRange(count, 200, MostOfAFollowUp));
    }

    [Theory]
    [InlineData(
        "colors",
        "object, color, two colors",
        "has object, has color, object in color, has object', has color', object' in color'"
    )]
    [InlineData("relations", "in, on", "has object, has object', relation")]
    [InlineData("syntax", "antecedent first, antecedent second", "has first noun, has second noun, matches")]
    [InlineData("animals", "familiar, unfamiliar", "animal, class, exact animal")]
    [InlineData("celebrities", "person", "person, gender, style, identity")]
    [InlineData("layernorm", "with ln_f, without ln_f", "has object, object in color")]
    public void Conditions_and_questions_have_the_names_that_released_answers_are_put_under(
        string name,
        string conditions,
        string questions)
    {
        Spec spec = (Spec)ExperimentReader.Read(RepositoryFiles.Experiment(name));

        Assert.Equal(conditions, string.Join(", ", spec.Conditions.Select(condition => condition.Name)));
        Assert.Equal(questions, string.Join(", ", spec.Questions.Select(question => question.Name)));
    }

    [Fact]
    public void A_relation_is_asked_with_the_prompts_own_preposition()
    {
        Plan plan = Planner.Make((Spec)ExperimentReader.Read(RepositoryFiles.Experiment("relations")), Mini, LayersOfMini, PlanLimits.None);

        Assert.All(plan.Prompts, prompt =>
        {
            Question.Related asked = Assert.IsType<Question.Related>(Query(plan, prompt, "relation"));
            Assert.Equal(prompt.Condition, asked.Relation);
            Assert.Equal((prompt.Words["object"], prompt.Words["object'"]), (asked.First, asked.Second));
            Assert.Contains(asked.Second, Mini.Group(asked.Relation == "in" ? "container" : "surface"));
        });
    }

    [Fact]
    public void What_is_asked_of_an_animal_or_a_person_follows_from_the_lexicon()
    {
        Plan animals = Planner.Make(
            (Spec)ExperimentReader.Read(RepositoryFiles.Experiment("animals")),
            Mini,
            LayersOfMini,
            PlanLimits.None);
        Plan persons = Planner.Make(
            (Spec)ExperimentReader.Read(RepositoryFiles.Experiment("celebrities")),
            Mini,
            LayersOfMini,
            PlanLimits.None);

        Assert.All(animals.Prompts, prompt =>
        {
            LexiconWord animal = Mini.Find(prompt.Words["animal"])!;
            Assert.Equal($"{prompt.Condition} animal", animal.Group);
            Assert.Equal(new Question.AnimalPresent(), Query(animals, prompt, "animal"));
            Assert.Equal(new Question.AnimalOfClass(animal.Class!), Query(animals, prompt, "class"));
            Assert.Equal(new Question.ThingPresent(animal.Text), Query(animals, prompt, "exact animal"));
        });
        Assert.All(persons.Prompts, prompt =>
        {
            LexiconWord person = Mini.Find(prompt.Text)!;
            Assert.Equal(new Question.PersonPresent(), Query(persons, prompt, "person"));
            Assert.Equal(new Question.PersonOfGender(person.Gender!), Query(persons, prompt, "gender"));
            Assert.Equal(new Question.PersonOfTrade(person.Trade!), Query(persons, prompt, "style"));
            Assert.Equal(new Question.ThingPresent(person.Text), Query(persons, prompt, "identity"));
        });
        Assert.Contains(animals.Questions, question => question.Text == "Is there an insect in the picture?");
    }

    [Fact]
    public void Both_halves_of_layernorm_have_the_same_prompts_and_images_of_their_own()
    {
        Plan plan = Planner.Make((Spec)ExperimentReader.Read(RepositoryFiles.Experiment("layernorm")), Mini, LayersOfMini, PlanLimits.None);
        PlannedPrompt[] with = Of("with ln_f"), without = Of("without ln_f");

        Assert.Equal(with.Select(prompt => prompt.Text), without.Select(prompt => prompt.Text));
        Assert.All(with, prompt => Assert.Equal(SiteNorm.Native, Assert.Single(prompt.Sites).Norm));
        Assert.All(without, prompt => Assert.Equal(SiteNorm.None, Assert.Single(prompt.Sites).Norm));
        Assert.Empty(with.Select(prompt => prompt.Folder).Intersect(without.Select(prompt => prompt.Folder)));

        PlannedPrompt[] Of(string condition) => [.. plan.Prompts.Where(prompt => prompt.Condition == condition)];
    }

    [Fact]
    public void The_readmes_example_is_a_spec()
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "README.md"));
        int first = Array.IndexOf(lines, "    version: 1");
        string[] text =
        [
            .. lines.Skip(first).TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal)).Select(line => line[4..]),
        ];

        Plan plan = Planner.Make(SmallSpec.Read(string.Join('\n', text) + "\n"), Mini, LayersOfMini, PlanLimits.None);

        Assert.Equal(10, text.Length);
        Assert.Equal(12, plan.Prompts.Count);
    }

    private static Question Query(Plan plan, PlannedPrompt prompt, string question) =>
        plan.Questions.Single(planned => planned.Prompt == prompt && planned.Name == question).Query!;

    private static IReadOnlyList<TokenizedPrompt> Tokens(LensSite site, string text) => [Tokenizer.Encode(text)];
}
