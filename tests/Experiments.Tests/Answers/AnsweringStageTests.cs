using DiffusionLens;
using Experiments.Answers;
using Experiments.Plans;

namespace Experiments.Tests.Answers;

public sealed class AnsweringStageTests : IDisposable
{
    private const int AllAnswers = (2 + (2 * 2)) * 3 * 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("answering-").FullName;
    private readonly List<string> _asked = [];

    public AnsweringStageTests()
    {
        foreach (PlannedImage image in SmallPlan.Plan.Images)
        {
            Paint(image.Path, image.Path);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_question_is_asked_once_and_a_second_run_asks_nothing()
    {
        List<(int, int)> progress = [];

        AnsweringOutcome first = AnsweringStage.Run(SmallPlan.Plan, _folder, Recognizer(0.7), (done, all) => progress.Add((done, all)));
        byte[] written = File.ReadAllBytes(AnswersFile);
        AnsweringOutcome second = AnsweringStage.Run(SmallPlan.Plan, _folder, Recognizer(0.1));

        Assert.Equal(new AnsweringOutcome(Kept: 0, Asked: AllAnswers, Missing: 0), first);
        Assert.Equal(new AnsweringOutcome(Kept: AllAnswers, Asked: 0, Missing: 0), second);
        Assert.Equal([(0, 36), (6, 36), (12, 36), (24, 36), (36, 36)], progress);
        Assert.Equal(written, File.ReadAllBytes(AnswersFile));
        Assert.All(AnswerTable.Read(AnswersFile), answer => Assert.Equal((0.7, true, "robot"), (answer.Score, answer.Yes, answer.Annotator)));
    }

    [Fact]
    public void An_answer_to_a_image_that_has_changed_since_is_asked_again()
    {
        AnsweringStage.Run(SmallPlan.Plan, _folder, Recognizer(0.7));
        Paint("images/object/000/layer-02_seed-1.png", "another image");

        AnsweringOutcome outcome = AnsweringStage.Run(SmallPlan.Plan, _folder, Recognizer(0.1));

        Assert.Equal(new AnsweringOutcome(Kept: AllAnswers - 1, Asked: 1, Missing: 0), outcome);
        Assert.False(Assert.Single(AnswerTable.Read(AnswersFile), answer => answer.Score == 0.1).Yes);
    }

    [Fact]
    public void A_cancelled_run_keeps_its_answers_and_the_next_one_ends_with_the_same_table()
    {
        AnsweringStage.Run(SmallPlan.Plan, _folder, Recognizer(0.7));
        byte[] whole = File.ReadAllBytes(AnswersFile);
        File.Delete(AnswersFile);
        using CancellationTokenSource stop = new();

        Assert.Throws<OperationCanceledException>(() => AnsweringStage.Run(
            SmallPlan.Plan, _folder, Recognizer(0.7), (done, _) => { if (done >= 12) { stop.Cancel(); } }, stop.Token));
        int kept = AnswerTable.Read(AnswersFile).Count;
        AnsweringStage.Run(SmallPlan.Plan, _folder, Recognizer(0.7));

        Assert.Equal(12, kept);
        Assert.Equal(whole, File.ReadAllBytes(AnswersFile));
    }

    [Fact]
    public void Answers_to_what_a_limited_plan_leaves_out_are_kept()
    {
        AnsweringStage.Run(SmallPlan.Plan, _folder, Recognizer(0.7));
        Plan limited = SmallPlan.Make([0, 4]);
        Paint("images/object/000/layer-00_seed-0.png", "another image");

        AnsweringStage.Run(limited, _folder, Recognizer(0.1));

        Assert.Equal(AllAnswers, AnswerTable.Read(AnswersFile).Count);
    }

    [Fact]
    public void Without_an_annotator_the_questions_are_written_down_and_what_people_fill_in_is_taken()
    {
        AnsweringOutcome before = AnsweringStage.Run(SmallPlan.Plan, _folder, annotator: null);
        Answer[] questions = [.. AnswerTable.Read(QuestionsFile)];
        AnswerTable.Write(QuestionsFile, [questions[0] with { Yes = true }, .. questions[1..]]);
        AnsweringOutcome after = AnsweringStage.Run(SmallPlan.Plan, _folder, annotator: null);
        AnswerTable.Write(QuestionsFile, questions[1..].Select(question => question with { Yes = false, Annotator = "Ana" }));
        AnsweringOutcome last = AnsweringStage.Run(SmallPlan.Plan, _folder, annotator: null);

        Assert.Equal(new AnsweringOutcome(0, 0, AllAnswers), before);
        Assert.Equal("Is the first thing there?", questions[0].Asked);
        Assert.True(File.Exists(Path.Combine(_folder, questions[0].Image)));
        Assert.Equal(new AnsweringOutcome(1, 0, AllAnswers - 1), after);
        Assert.Equal(new AnsweringOutcome(AllAnswers, 0, 0), last);
        Assert.False(File.Exists(QuestionsFile));
        Assert.Equal(["by hand", "Ana"], AnswerTable.Read(AnswersFile).Select(answer => answer.Annotator).Distinct());
    }

    [Fact]
    public void A_missing_image_is_named()
    {
        string image = Path.Combine(_folder, "images/object/000/layer-02_seed-1.png");
        File.Delete(image);

        BadInputException problem = Assert.Throws<BadInputException>(() => AnsweringStage.Run(SmallPlan.Plan, _folder, Recognizer(0.7)));

        Assert.StartsWith(image, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_answered_by_two_annotators_is_refused()
    {
        Answer answer = AnswerSheet.Of(SmallPlan.Plan, []).Planned[0] with { Yes = true, Annotator = "Ana" };

        BadInputException problem = Assert.Throws<BadInputException>(
            () => AnswerSheet.Of(SmallPlan.Plan, [answer, answer with { Annotator = "Ben" }]));

        Assert.Contains("'has object' of \"a cow\" (object), seed 0, layer 0", problem.Message, StringComparison.Ordinal);
    }

    private string AnswersFile => Path.Combine(_folder, AnsweringStage.AnswersFile);

    private string QuestionsFile => Path.Combine(_folder, AnsweringStage.QuestionsFile);

    private Annotator Recognizer(double score) => new("robot", (images, questions) =>
    {
        foreach (string asked in questions.SelectMany(question => images.Select(image => $"{question.Name}: {image}")))
        {
            Assert.DoesNotContain(asked, _asked.Skip(AllAnswers));
            _asked.Add(asked);
        }

        return [.. questions.Select(_ => (IReadOnlyList<double>)[.. images.Select(_ => score)])];
    });

    private void Paint(string image, string content)
    {
        string path = Path.Combine(_folder, image);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
