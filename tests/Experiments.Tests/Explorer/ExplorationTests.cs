using DiffusionLens;
using Experiments.Answers;
using Experiments.Explorer;
using Experiments.Measures;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Explorer;

public sealed class ExplorationTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("exploration-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Every_image_has_its_number_in_the_plans_order_and_each_answer_stands_at_its_place()
    {
        ExploredFolder explored = Written();
        ExploredRun run = RunOf(explored);
        ExploredAnswers answers = AnswersOf(explored);

        Assert.Equal(explored.Plan.ImageCount, run.RowCount * run.Layers.Count);
        Assert.Equal(["recognizer@0123abcd", "Ana"], answers.Annotators);
        PlannedImage[] images = [.. explored.Plan.Images];
        int second = Array.FindIndex(images, image => image.Prompt.Condition == SmallPlan.TwoColors);
        foreach (Answer answer in explored.Answers)
        {
            int image = Array.FindIndex(images, image => image.Path == answer.Image);
            GivenAnswers part = Assert.Single(answers.Given, part =>
                answers.Annotators[part.Annotator] == answer.Annotator && run.Questions[part.Question] == answer.Question
                && run.Conditions[part.Condition] == answer.Condition);
            int place = answer.Condition == SmallPlan.TwoColors ? image - second : image;
            Assert.Equal(answer.Yes == true ? '1' : '0', part.Yes[place]);
            Assert.Equal(answer.Score is { } score ? Math.Round(score, 2) : null, part.Scores?[place]);
        }
    }

    [Fact]
    public void The_rows_behind_a_point_are_those_that_its_share_counts()
    {
        ExploredFolder explored = Written();
        ExploredRun run = RunOf(explored);
        ExploredAnswers answers = AnswersOf(explored);

        Assert.Equal(["fig-3", "fig-5", "right-by-condition"], answers.Figures.Select(figure => figure.Name));
        foreach (ExploredCurve curve in answers.Figures.SelectMany(figure => figure.Curves))
        {
            Assert.Equal(run.Layers, curve.Points.Select(point => point.Layer));
            foreach ((ExploredPoint point, string holds) in curve.Points.Zip(curve.Holds))
            {
                Assert.Equal(curve.Rows.Count, holds.Length);
                Assert.Equal(point.Count, holds.Count(said => said != '-'));
                Assert.Equal(point.Mean!.Value, holds.Count(said => said == '1') / (double)holds.Length, 9);
            }
        }

        // What makes an image right is right: the last figure's curves are about all rows of a condition.
        Assert.Equal(
            answers.Right,
            string.Concat(answers.Figures[^1].Curves.SelectMany(curve =>
                Enumerable.Range(0, curve.Rows.Count).Select(row => string.Concat(curve.Holds.Select(layer => layer[row]))))));
    }

    [Fact]
    public void Where_nobody_answered_there_is_nothing_said_and_no_curve()
    {
        ExploredFolder explored = Written(answers: []);

        ExploredAnswers answers = AnswersOf(explored);

        Assert.Empty(answers.Annotators);
        Assert.Empty(answers.Given);
        Assert.Equal("", answers.Right);
        Assert.Empty(answers.Figures);
    }

    [Fact]
    public void Another_run_writes_the_same_bytes_and_new_answers_change_one_file()
    {
        ExploredFolder explored = Written();
        Dictionary<string, byte[]> first = Files(explored);
        explored.Write();
        Assert.Equal(first, Files(explored));

        Answer[] changed = [.. explored.Answers.Where(answer => answer.Annotator == "Ana")];
        AnsweredExperiment answered = AnsweredExperiment.Of(explored.Plan.Spec, explored.Model, explored.Plan.LastLayer, changed);
        ExplorerPage.Renew(answered, Measuring.Compute(answered), explored.Folder);

        Assert.Equal(["Ana"], AnswersOf(explored).Annotators);
        Assert.Equal(
            ["answers.js"],
            Files(explored).Where(file => !file.Value.AsSpan().SequenceEqual(first[file.Key])).Select(file => file.Key));
    }

    [Fact]
    public void A_damaged_page_is_left_to_the_next_run()
    {
        ExploredFolder explored = Written();
        string script = File.ReadAllText(explored.Folder.ExplorerRun);
        File.WriteAllText(
            explored.Folder.ExplorerRun, script.Replace("\"sites\":[0", "\"sites\":[77", StringComparison.Ordinal));
        Assert.NotEqual(script, File.ReadAllText(explored.Folder.ExplorerRun));
        Dictionary<string, byte[]> before = Files(explored);
        AnsweredExperiment answered = AnsweredExperiment.Of(
            explored.Plan.Spec, explored.Model, explored.Plan.LastLayer, explored.Answers);

        ExplorerPage.Renew(answered, Measuring.Compute(answered), explored.Folder);

        Assert.Equal(before, Files(explored));
    }

    [Fact]
    public void Tokens_that_are_shown_one_after_another_are_rows_of_their_own()
    {
        LensSite site = new(Layer: 0) { Tokens = SiteTokens.Token(2), Rest = SiteRest.EmptyFinal };
        Plan plan = SmallPlan.Plan with
        {
            Prompts =
            [
                .. SmallPlan.Plan.Prompts.Select(prompt => prompt with
                {
                    Sites = prompt.Number == 0 ? [site, site with { Tokens = SiteTokens.Token(3) }] : prompt.Sites,
                }),
            ],
        };
        plan = plan with
        {
            Questions = [.. plan.Questions.Select(question => question with { Prompt = plan.Prompts[question.Prompt.Number] })],
        };
        ExploredFolder explored = new(Path.Combine(_root, "tokens"), plan);
        explored.Paint();

        explored.Write();

        ExploredRun run = RunOf(explored);
        Assert.Equal([0, 1], run.Prompts[0].Sites);
        Assert.Equal(["piece 2", "piece 3"], run.Prompts[0].Pieces!);
        Assert.Null(run.Prompts[1].Pieces);
        Assert.Equal(["token 2", "token 3", "all tokens"], run.Sites.Select(one => one.Label));
        Assert.Equal([2, 3, null], run.Sites.Select(one => one.Token));
        Assert.Equal("--tokens token:3 --rest empty-final", run.Sites[1].Options);
        Assert.Equal(plan.ImageCount, AnswersOf(explored).Right.Length);
    }

    [Fact]
    public void Folders_named_after_their_models_hear_of_one_another()
    {
        foreach (string model in new[] { "mini-sd", "mini-if" })
        {
            ExploredFolder explored = new(Path.Combine(_root, model), SmallPlan.Plan) { Model = model };
            explored.Paint();
            explored.Write();
        }

        string other = Path.Combine(_root, "elsewhere", "x");
        ExploredFolder alone = new(other, SmallPlan.Plan);
        alone.Paint();
        alone.Write();

        Assert.Equal(
            "window.exploredModels = [\"mini-if\",\"mini-sd\"];\n", File.ReadAllText(Path.Combine(_root, "explore-models.js")));
        Assert.Equal(["x"], Directory.GetFileSystemEntries(Path.Combine(_root, "elsewhere")).Select(Path.GetFileName));
    }

    private ExploredFolder Written(IReadOnlyList<Answer>? answers = null)
    {
        ExploredFolder explored = new(Path.Combine(_root, "results"), SmallPlan.Plan);
        explored.Paint();
        explored.Write(answers);
        return explored;
    }

    private static ExploredRun RunOf(ExploredFolder explored) =>
        ExplorerScript.Read<ExploredRun>(explored.Folder.ExplorerRun, "exploredRun")!;

    private static ExploredAnswers AnswersOf(ExploredFolder explored) =>
        ExplorerScript.Read<ExploredAnswers>(explored.Folder.ExplorerAnswers, "exploredAnswers")!;

    private static Dictionary<string, byte[]> Files(ExploredFolder explored) =>
        Directory.GetFiles(explored.Folder.ExplorerParts).Append(explored.Folder.Explorer)
            .ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
}
