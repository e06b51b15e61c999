using Experiments.Answers;
using Experiments.Measures;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Runs;
using Experiments.Tests.Answers;
using Experiments.Tests.Explorer;

namespace Experiments.Tests.Runs;

/// <summary>Answers to an earlier version of a spec, which stay in the table beside those to the present one.</summary>
public sealed class AnsweredResultsTests : IDisposable
{
    private static readonly Plan Plan = SmallPlan.Plan;

    private static readonly RunManifest Manifest =
        ModelFactsTests.Manifest with { Prompts = Plan.Prompts.Count, Layers = Plan.Layers, Seeds = Plan.Seeds };

    private readonly ResultsRoot _root = new(Directory.CreateTempSubdirectory("answered-").FullName);
    private readonly List<string> _told = [];

    private ResultsFolder Folder => _root.Of(Plan.Spec.Name, "hand");

    public void Dispose() => Directory.Delete(_root.Path, recursive: true);

    [Fact]
    public void Answers_about_images_that_the_last_run_did_not_plan_are_left_out_and_that_is_said()
    {
        Leave(Manifest.PlannedFrom);

        AnsweredExperiment answered = Read()!;

        Assert.Equal(Plan.AnswerCount, answered.Answers.Count);
        Assert.Equal(Plan.Prompts.Select(prompt => prompt.Text), answered.Rows.Select(row => row.Prompt).Distinct());
        Assert.Equal(Plan.Seeds, answered.Seeds);
        Assert.Equal(Plan.Layers, answered.Layers);
        Assert.Equal([$"{Folder.Answers}: 3 answers about images that the last run did not plan, left out"], _told);
    }

    [Fact]
    public void Where_the_explorer_is_of_another_run_than_the_last_layers_and_seeds_tell()
    {
        Leave(plannedFrom: "another");

        AnsweredExperiment answered = Read()!;

        Assert.Equal(Plan.AnswerCount + 1, answered.Answers.Count);
        Assert.Equal("an old prompt", answered.Answers[^1].Prompt);
        Assert.Equal([$"{Folder.Answers}: 2 answers about images that the last run did not plan, left out"], _told);
    }

    [Fact]
    public void Where_no_run_left_word_of_its_plan_all_answers_count()
    {
        AnswerTable.Write(Folder.Answers, [.. Present, .. Old]);

        Assert.Equal(Plan.AnswerCount + Old.Length, Read()!.Answers.Count);
        Assert.Empty(_told);
    }

    [Fact]
    public void Answers_that_were_published_without_images_count_beside_a_run()
    {
        Leave(Manifest.PlannedFrom);
        AnswerTable.Write(Folder.Answers, Old.Select(answer => answer with { Image = "" }));

        Assert.Equal(Old.Length, Read()!.Answers.Count);
        Assert.Empty(_told);
    }

    [Fact]
    public void Where_no_answer_is_about_what_the_last_run_planned_there_is_none()
    {
        Leave(Manifest.PlannedFrom);
        AnswerTable.Write(Folder.Answers, Old);

        Assert.Null(Read());
        Assert.Single(_told);
    }

    [Fact]
    public void The_last_layer_of_a_model_that_is_not_the_catalogs_is_that_of_its_run_also_where_it_was_not_looked_through()
    {
        Plan plan = SmallPlan.Make([0, 2], [.. Plan.Spec.Figures]);
        RunManifest manifest = Manifest with { Layers = plan.Layers };
        manifest.Write(Folder);
        new ExploredFolder(Folder.Path, plan) { PlannedFrom = manifest.PlannedFrom }.Write([]);
        AnswerTable.Write(Folder.Answers, SmallPlan.Answers(plan, _ => 2));

        AnsweredExperiment answered = Read()!;

        Assert.Equal([0, 2], answered.Layers);
        Assert.Equal(4, answered.LastLayer);
    }

    private static IReadOnlyList<Answer> Present => SmallPlan.Answers(Plan, _ => 2);

    // Of another prompt, another seed and another layer.
    private static Answer[] Old =>
    [
        Present[0] with { Prompt = "an old prompt" }, Present[0] with { Seed = 7 }, Present[0] with { Layer = 3 },
    ];

    private void Leave(string plannedFrom)
    {
        Manifest.Write(Folder);
        new ExploredFolder(Folder.Path, Plan) { PlannedFrom = plannedFrom }.Write();
        AnswerTable.Write(Folder.Answers, [.. Present, .. Old]);
    }

    private AnsweredExperiment? Read() => AnsweredResults.Read(Plan.Spec, _root, "hand", note => _told.Add(note));
}
