using DiffusionLens;
using Experiments.Answers;
using Experiments.Images;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tests.Results;
using TorchSharp;

namespace Experiments.Tests.Answers;

public sealed class AnsweringStageTests : IDisposable
{
    private const int AllAnswers = (2 + (2 * 2)) * 3 * 2;

    // To SmallPlan.HasObject.
    private const int AboutObjects = 4 * 3 * 2;

    private static readonly VisualQuery Thing = new VisualQuery.Thing(new Slot("object", 0));
    private static readonly VisualQuery Other = new VisualQuery.Thing(new Slot("object", 1));

    private readonly ResultsFolder _folder = new(Directory.CreateTempSubdirectory("answering-").FullName);

    public AnsweringStageTests() => PaintAll();

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    [Fact]
    public void Every_question_is_asked_once_and_a_second_run_asks_nothing()
    {
        List<int> progress = [];
        FakeAnnotator robot = new(0.7), other = new(0.1);

        AnsweringOutcome first = Run(SmallPlan.Plan, robot, progress.Add);
        byte[] written = File.ReadAllBytes(_folder.Answers);
        AnsweringOutcome second = Run(SmallPlan.Plan, other);

        Assert.Equal((0, AllAnswers, 0), (first.Kept, first.Asked, first.Missing));
        Assert.Equal((AllAnswers, 0, 0), (second.Kept, second.Asked, second.Missing));
        Assert.Equal(Enumerable.Range(0, AllAnswers + 1), progress);
        Assert.Equal(AllAnswers, robot.Asked.Distinct().Count());
        Assert.Empty(other.Asked);
        Assert.Equal(written, File.ReadAllBytes(_folder.Answers));
        Assert.All(Read(), answer => Assert.Equal((0.7, true, robot.Name), (answer.Score, answer.Yes, answer.Annotator)));
    }

    [Fact]
    public void A_machines_answer_to_an_image_that_has_changed_since_is_asked_again()
    {
        Run(SmallPlan.Plan, new FakeAnnotator(0.7));
        Paint("images/object/000/layer-02_seed-1.png", level: 99);

        AnsweringOutcome outcome = Run(SmallPlan.Plan, new FakeAnnotator(0.1));

        Assert.Equal((AllAnswers - 1, 1), (outcome.Kept, outcome.Asked));
        Assert.False(Assert.Single(Read(), answer => answer.Score == 0.1).Yes);
        Assert.False(File.Exists(_folder.SupersededAnswers));
    }

    [Fact]
    public void A_machine_that_was_changed_is_asked_again()
    {
        Run(SmallPlan.Plan, new FakeAnnotator(0.7, "robot@00000001"));

        AnsweringOutcome outcome = Run(SmallPlan.Plan, new FakeAnnotator(0.1, "robot@00000002", before: "robot@00000001"));

        Assert.Equal((0, AllAnswers), (outcome.Kept, outcome.Asked));
        Assert.All(Read(), answer => Assert.Equal("robot@00000002", answer.Annotator));
    }

    [Fact]
    public void A_machine_is_asked_again_where_the_words_are_others_and_one_that_is_not_asked_keeps_those_it_was_asked()
    {
        FakeAnnotator clip = new(0.7, "clip@00000001");
        Run(SmallPlan.Plan, new FakeAnnotator(0.7));
        Run(SmallPlan.Plan, clip);

        AnsweringOutcome outcome = Run(Asking("Is there one?"), new FakeAnnotator(0.1));

        Assert.Equal((AllAnswers - AboutObjects, AboutObjects), (outcome.Kept, outcome.Asked));
        Assert.All(
            Read().Where(answer => answer.Question == SmallPlan.HasObject),
            answer => Assert.Equal(
                answer.Annotator == clip.Name ? ("Is the first thing there?", 0.7) : ("Is there one?", 0.1),
                (answer.Asked, answer.Score!.Value)));
        Assert.Equal(2 * AllAnswers, Read().Count);
        string note = Assert.Single(outcome.Notes);
        Assert.StartsWith($"{AboutObjects} answers were given to other words", note, StringComparison.Ordinal);
        Assert.EndsWith("the first to \"Is the first thing there?\", which is \"Is there one?\" now", note, StringComparison.Ordinal);
        Assert.Equal(AboutObjects, Run(Asking("Is there one?"), clip).Asked);
    }

    [Fact]
    public void What_people_said_to_other_words_stays_with_those_words_and_is_said()
    {
        AnswerAllByHand();
        byte[] before = File.ReadAllBytes(_folder.Answers);

        AnsweringOutcome outcome = Run(Asking("Is there one?"), new PeopleAnnotator());

        Assert.Equal((AllAnswers, 0), (outcome.Kept, outcome.Missing));
        Assert.StartsWith(
            $"{AboutObjects} answers were given to other words", Assert.Single(outcome.Notes), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.Answers));
        Assert.Empty(Run(SmallPlan.Plan, new PeopleAnnotator()).Notes);
    }

    [Fact]
    public void A_machine_is_asked_again_where_it_looks_for_something_else()
    {
        FakeAnnotator clip = new(0.7, "clip@00000001");
        Run(SmallPlan.Plan, new FakeAnnotator(0.7));
        int known = RunSeeing(Thing, new FakeAnnotator(0.1)).Asked;
        RunSeeing(Thing, clip);

        AnsweringOutcome outcome = RunSeeing(Other, new FakeAnnotator(0.1));

        Assert.Equal((0, AllAnswers - AboutObjects, AboutObjects), (known, outcome.Kept, outcome.Asked));
        Assert.StartsWith(
            $"{AboutObjects} answers of machines that are not asked now are dropped",
            Assert.Single(outcome.Notes),
            StringComparison.Ordinal);
        Assert.All(Read().Where(answer => answer.Question == SmallPlan.HasObject), answer => Assert.Equal(0.1, answer.Score));
        Assert.Equal((2 * AllAnswers) - AboutObjects, Read().Count);
        Assert.Equal(AboutObjects, RunSeeing(Other, clip).Asked);
        Assert.Equal(0, RunSeeing(Other, new FakeAnnotator(0.1)).Asked);
    }

    [Fact]
    public void What_people_said_stays_where_recognizers_look_for_something_else()
    {
        AnswerAllByHand();
        RunSeeing(Thing, new PeopleAnnotator());
        byte[] before = File.ReadAllBytes(_folder.Answers);

        AnsweringOutcome outcome = RunSeeing(Other, new PeopleAnnotator());

        Assert.Equal((AllAnswers, 0, 0), (outcome.Kept, outcome.Missing, outcome.Notes.Count));
        Assert.Equal(before, File.ReadAllBytes(_folder.Answers));
    }

    [Fact]
    public void A_run_that_was_cancelled_while_it_looked_for_something_else_mixes_nothing()
    {
        const int GivenBefore = 6;
        RunSeeing(Thing, new FakeAnnotator(0.7));
        Cancel(Other, 0.1);
        int rest = RunSeeing(Other, new FakeAnnotator(0.1)).Asked;
        Cancel(Thing, 0.7);
        int again = RunSeeing(Other, new FakeAnnotator(0.1)).Asked;

        Assert.Equal((AboutObjects - GivenBefore, AboutObjects), (rest, again));
        Assert.All(Read().Where(answer => answer.Question == SmallPlan.HasObject), answer => Assert.Equal(0.1, answer.Score));

        void Cancel(VisualQuery sees, double score)
        {
            using CancellationTokenSource stop = new();
            Assert.Throws<OperationCanceledException>(() => RunSeeing(
                sees,
                new FakeAnnotator(score),
                done => { if (done >= AllAnswers - AboutObjects + GivenBefore) { stop.Cancel(); } },
                stop.Token));
        }
    }

    [Fact]
    public void A_cancelled_run_keeps_its_answers_and_the_next_one_ends_with_the_same_table()
    {
        Run(SmallPlan.Plan, new FakeAnnotator(0.7));
        byte[] whole = File.ReadAllBytes(_folder.Answers);
        File.Delete(_folder.Answers);
        using CancellationTokenSource stop = new();

        Assert.Throws<OperationCanceledException>(() => AnsweringStage.Run(
            SmallPlan.Plan, _folder, [new FakeAnnotator(0.7)], done => { if (done >= 12) { stop.Cancel(); } }, cancellation: stop.Token));
        int kept = Read().Count;
        Run(SmallPlan.Plan, new FakeAnnotator(0.7));

        Assert.Equal(12, kept);
        Assert.Equal(whole, File.ReadAllBytes(_folder.Answers));
    }

    [Fact]
    public void Answers_to_what_a_limited_plan_leaves_out_are_kept()
    {
        Run(SmallPlan.Plan, new FakeAnnotator(0.7));
        Paint("images/object/000/layer-00_seed-0.png", level: 99);

        Run(SmallPlan.Make([0, 4]), new FakeAnnotator(0.1));

        Assert.Equal(AllAnswers, Read().Count);
    }

    [Fact]
    public void What_people_fill_in_is_taken_and_what_is_open_stays_in_the_questions()
    {
        AnsweringOutcome before = Run(SmallPlan.Plan, new PeopleAnnotator());
        Answer[] questions = [.. AnswerTable.Read(_folder.Questions)];
        AnswerTable.Write(
            _folder.Questions,
            [questions[0] with { Yes = true }, questions[1] with { Annotator = "Ana" }, .. questions[2..]]);
        AnsweringOutcome after = Run(SmallPlan.Plan, new PeopleAnnotator());
        Answer half = AnswerTable.Read(_folder.Questions)[0];
        AnswerTable.Write(_folder.Questions, questions[1..].Select(question => question with { Yes = false, Annotator = "Ana" }));
        AnsweringOutcome last = Run(SmallPlan.Plan, new PeopleAnnotator());

        Assert.Equal((0, AllAnswers), (before.Kept, before.Missing));
        Assert.Equal("Is the first thing there?", questions[0].Asked);
        Assert.True(File.Exists(_folder.In(questions[0].Image)));
        Assert.Equal((1, AllAnswers - 1), (after.Kept, after.Missing));
        Assert.Equal("Ana", half.Annotator);
        Assert.Equal((AllAnswers, 0), (last.Kept, last.Missing));
        Assert.False(File.Exists(_folder.Questions));
        Assert.Equal([AnnotatorName.ByHand, "Ana"], Read().Select(answer => answer.Annotator).Distinct());
    }

    [Fact]
    public void What_people_typed_is_set_aside_when_the_pixels_change_and_comes_back_with_them()
    {
        AnswerAllByHand();
        Paint("images/object/000/layer-02_seed-1.png", level: 99);
        AnsweringOutcome changed = Run(SmallPlan.Plan, new PeopleAnnotator());
        Answer aside = Assert.Single(AnswerTable.Read(_folder.SupersededAnswers));
        PaintAll();
        AnsweringOutcome back = Run(SmallPlan.Plan, new PeopleAnnotator());

        Assert.Equal((AllAnswers - 1, 1), (changed.Kept, changed.Missing));
        Assert.Contains(_folder.SupersededAnswers, Assert.Single(changed.Notes), StringComparison.Ordinal);
        Assert.Equal(("a cow", 2, 1UL, true), (aside.Prompt, aside.Layer, aside.Seed, aside.Yes));
        Assert.Equal((AllAnswers, 0), (back.Kept, back.Missing));
        Assert.False(File.Exists(_folder.SupersededAnswers));
    }

    [Fact]
    public void What_was_answered_anew_in_the_meantime_stands_beside_what_was_set_aside()
    {
        AnswerAllByHand();
        Paint("images/object/000/layer-02_seed-1.png", level: 99);
        Run(SmallPlan.Plan, new PeopleAnnotator());
        AnswerTable.Write(_folder.Questions, AnswerTable.Read(_folder.Questions).Select(question => question with { Yes = false }));
        AnsweringOutcome outcome = Run(SmallPlan.Plan, new PeopleAnnotator());

        Assert.Equal((AllAnswers, 0), (outcome.Kept, outcome.Missing));
        Assert.Single(Read(), answer => answer.Yes == false);
        Assert.Single(AnswerTable.Read(_folder.SupersededAnswers), answer => answer.Yes == true);
    }

    [Fact]
    public void Images_made_anew_with_the_same_pixels_keep_their_answers()
    {
        AnswerAllByHand();
        PaintAll("another identity");

        AnsweringOutcome outcome = Run(SmallPlan.Plan, new PeopleAnnotator());

        Assert.Equal((AllAnswers, 0), (outcome.Kept, outcome.Missing));
    }

    [Fact]
    public void Several_annotators_answer_side_by_side_the_main_one_first()
    {
        FakeAnnotator robot = new(0.1);
        AnsweringOutcome before = AnsweringStage.Run(SmallPlan.Plan, _folder, [new PeopleAnnotator(), robot]);
        AnswerTable.Write(_folder.Questions, AnswerTable.Read(_folder.Questions).Select(question => question with { Yes = true }));
        AnsweringOutcome after = AnsweringStage.Run(SmallPlan.Plan, _folder, [new PeopleAnnotator(), robot]);

        Assert.Equal((0, AllAnswers, AllAnswers), (before.Kept, before.Asked, before.Missing));
        Assert.Equal((2 * AllAnswers, 0, 0), (after.Kept, after.Asked, after.Missing));
        Assert.Equal(
            [(AnnotatorName.ByHand, true), (robot.Name, false)],
            after.Answers.Take(2).Select(answer => (answer.Annotator, answer.Yes == true)));
        Assert.Equal(after.Answers, Read());
    }

    [Fact]
    public void Another_main_annotator_comes_first_in_the_table_though_nobody_is_asked()
    {
        FakeAnnotator robot = new(0.7), clip = new(0.1, "clip@00000001");
        Run(SmallPlan.Plan, robot);
        Run(SmallPlan.Plan, clip);
        string clipFirst = Read()[0].Annotator;

        AnsweringOutcome outcome = Run(SmallPlan.Plan, robot);
        byte[] robotFirst = File.ReadAllBytes(_folder.Answers);
        AnsweringStage.Run(SmallPlan.Plan, _folder, [robot, clip]);

        Assert.Equal((clip.Name, 0), (clipFirst, outcome.Asked));
        Assert.Equal(outcome.Answers, AnswerTable.Read(_folder.Answers));
        Assert.Equal([robot.Name, clip.Name], Read().Take(2).Select(answer => answer.Annotator));
        Assert.Equal(robotFirst, File.ReadAllBytes(_folder.Answers));
        Assert.True(AnswersFile.IsAsLeft(_folder));
    }

    [Fact]
    public void A_person_who_says_yes_and_no_is_refused_and_nothing_is_lost()
    {
        AnswerAllByHand();
        Answer first = Read()[0];
        AnswerTable.Write(_folder.Questions, [first with { Yes = false, Annotator = "" }]);
        byte[] answers = File.ReadAllBytes(_folder.Answers), questions = File.ReadAllBytes(_folder.Questions);

        string message = Assert.Throws<BadInputException>(() => Run(SmallPlan.Plan, new PeopleAnnotator())).Message;

        Assert.StartsWith($"{_folder.Questions}:2: ", message, StringComparison.Ordinal);
        Assert.Equal(answers, File.ReadAllBytes(_folder.Answers));
        Assert.Equal(questions, File.ReadAllBytes(_folder.Questions));
    }

    [Fact]
    public void An_answer_in_both_tables_as_after_a_kill_between_their_writing_is_taken_once()
    {
        Run(SmallPlan.Plan, new PeopleAnnotator());
        AnswerTable.Write(_folder.Questions, AnswerTable.Read(_folder.Questions).Select(question => question with { Yes = true }));
        byte[] filledIn = File.ReadAllBytes(_folder.Questions);
        Run(SmallPlan.Plan, new PeopleAnnotator());
        File.WriteAllBytes(_folder.Questions, filledIn);

        AnsweringOutcome outcome = Run(SmallPlan.Plan, new PeopleAnnotator());

        Assert.Equal((AllAnswers, 0), (outcome.Kept, outcome.Missing));
        Assert.Equal(AllAnswers, Read().Count);
    }

    [Fact]
    public void A_line_that_matches_no_image_is_said_and_its_answer_kept()
    {
        Run(SmallPlan.Plan, new PeopleAnnotator());
        Answer[] questions = [.. AnswerTable.Read(_folder.Questions)];
        AnswerTable.Write(_folder.Questions, [questions[0] with { Yes = true, Prompt = "a crow" }, .. questions[1..]]);

        AnsweringOutcome outcome = Run(SmallPlan.Plan, new PeopleAnnotator());

        Assert.StartsWith($"{_folder.Questions}:2: matches no image", Assert.Single(outcome.Notes), StringComparison.Ordinal);
        Assert.Equal("a crow", Assert.Single(Read()).Prompt);
        Assert.Equal(AllAnswers, outcome.Missing);
    }

    [Fact]
    public void A_missing_image_is_named()
    {
        string image = _folder.In("images/object/000/layer-02_seed-1.png");
        File.Delete(image);

        BadInputException problem = Assert.Throws<BadInputException>(() => Run(SmallPlan.Plan, new FakeAnnotator(0.7)));

        Assert.StartsWith(image, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a letter is another")]
    [InlineData("lines are missing")]
    [InlineData("cut off in a line")]
    [InlineData("empty")]
    [InlineData("zeros")]
    [InlineData("gone")]
    public void Answers_of_machines_that_are_damaged_are_asked_again_and_the_table_ends_with_the_same_bytes(string damage)
    {
        Run(SmallPlan.Plan, new FakeAnnotator(0.7));
        string whole = File.ReadAllText(_folder.Answers);
        File.WriteAllText(_folder.Answers, damage switch
        {
            "a letter is another" => whole.Replace(",0.7,1,", ",0.7,0,", StringComparison.Ordinal),
            "lines are missing" => string.Join('\n', whole.Split('\n')[..10]) + "\n",
            "cut off in a line" => whole[..^50],
            "zeros" => new string('\0', whole.Length),
            _ => "",
        });
        if (damage == "gone")
        {
            File.Delete(_folder.Answers);
        }

        AnsweringOutcome outcome = Run(SmallPlan.Plan, new FakeAnnotator(0.7));

        Assert.Equal(whole, File.ReadAllText(_folder.Answers));
        Assert.Equal(AllAnswers, outcome.Asked);
        Assert.True(outcome.Notes.Count > 0 || damage == "gone");
        Assert.Equal(damage == "cut off in a line", File.Exists(_folder.DamagedAnswers(1)));
        Assert.True(AnswersFile.IsAsLeft(_folder));
    }

    [Fact]
    public void What_people_typed_comes_back_where_it_is_gone_and_is_taken_as_it_stands_where_it_says_otherwise()
    {
        AnswerAllByHand();
        Answer[] all = [.. Read()];
        AnswerTable.Write(_folder.Answers, [all[0] with { Yes = false }, .. all[3..]]);

        AnsweringOutcome outcome = Run(SmallPlan.Plan, new PeopleAnnotator());

        Assert.Equal((AllAnswers, 0), (outcome.Kept, outcome.Missing));
        Assert.Equal([all[0] with { Yes = false }, .. all[1..]], Read());
        Assert.Equal([all[0]], AnswerTable.Read(_folder.SupersededAnswers));
        Assert.Contains("2 that are gone from it came back", outcome.Notes[0], StringComparison.Ordinal);
        Assert.Contains("1 say otherwise", outcome.Notes[0], StringComparison.Ordinal);
        Assert.Contains("says no to 'has object' of \"a cow\"", outcome.Notes[1], StringComparison.Ordinal);
        Assert.Empty(Run(SmallPlan.Plan, new PeopleAnnotator()).Notes);
    }

    [Fact]
    public void An_answer_that_was_corrected_and_corrected_back_is_read_again()
    {
        AnswerAllByHand();
        Answer[] all = [.. Read()];
        Answer no = all[0] with { Yes = false };
        Correct(no);
        Correct(all[0]);

        AnsweringOutcome outcome = Run(SmallPlan.Plan, new PeopleAnnotator());

        Assert.Equal((AllAnswers, 0), (outcome.Kept, outcome.Missing));
        Assert.Equal(all, Read());
        Assert.Equal([all[0], no], AnswerTable.ReadSuperseded(_folder.SupersededAnswers));

        void Correct(Answer first)
        {
            AnswerTable.Write(_folder.Answers, [first, .. all[1..]]);
            Run(SmallPlan.Plan, new PeopleAnnotator());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_a_yes_and_a_no_about_the_same_pixels_what_was_set_aside_last_comes_back(bool last)
    {
        AnswerAllByHand();
        Answer[] all = [.. Read()];
        AnswerTable.Write(_folder.SupersededAnswers, [all[0] with { Yes = true }, all[0] with { Yes = false }]);
        AnswerTable.Write(_folder.Answers, [all[0] with { Yes = last }, .. all[1..]]);
        Run(SmallPlan.Plan, new PeopleAnnotator());
        Paint(all[0].Image, level: 99);
        AnsweringOutcome changed = Run(SmallPlan.Plan, new PeopleAnnotator());
        PaintAll();

        AnsweringOutcome back = Run(SmallPlan.Plan, new PeopleAnnotator());

        Assert.Equal((1, 0), (changed.Missing, back.Missing));
        Assert.Equal([all[0] with { Yes = last }, .. all[1..]], Read());
        Assert.Equal([all[0] with { Yes = !last }], AnswerTable.ReadSuperseded(_folder.SupersededAnswers));
    }

    [Fact]
    public void Where_the_table_is_gone_what_people_typed_comes_back_and_where_it_cannot_be_read_that_is_said()
    {
        AnswerAllByHand();
        byte[] whole = File.ReadAllBytes(_folder.Answers);
        File.Delete(_folder.Answers);
        Run(SmallPlan.Plan, new PeopleAnnotator());
        byte[] back = File.ReadAllBytes(_folder.Answers);
        File.WriteAllText(_folder.Answers, "prompt_number,hello\n");
        string message = Assert.Throws<BadInputException>(() => Run(SmallPlan.Plan, new PeopleAnnotator())).Message;

        Assert.Equal(whole, back);
        Assert.StartsWith($"{_folder.Answers}:1: ", message, StringComparison.Ordinal);
        Assert.Contains($"{AllAnswers} answers that cannot be made again come back", message, StringComparison.Ordinal);
        Assert.Equal("prompt_number,hello\n", File.ReadAllText(_folder.Answers));
    }

    [Fact]
    public void Equal_answers_are_one_in_one_table_or_two_with_or_without_a_name()
    {
        Run(SmallPlan.Plan, new PeopleAnnotator());
        Answer[] filledIn = [.. AnswerTable.Read(_folder.Questions).Select(question => question with { Yes = true })];
        AnswerTable.Write(_folder.Questions, [.. filledIn, filledIn[0]]);
        AnswerTable.Write(
            _folder.Answers,
            [
                .. filledIn, filledIn[1], .. filledIn.Select(answer => answer with { Annotator = AnnotatorName.ByHand, ImageHash = "" }),
            ]);

        AnsweringOutcome outcome = Run(SmallPlan.Plan, new PeopleAnnotator());

        Assert.Equal((AllAnswers, 0), (outcome.Kept, outcome.Missing));
        Assert.Equal(filledIn.Select(answer => answer with { Annotator = AnnotatorName.ByHand }), Read());
        Assert.False(File.Exists(_folder.Questions));
    }

    [Fact]
    public void Contradictory_answers_are_named_with_both_lines()
    {
        AnswerAllByHand();
        Answer[] all = [.. Read()];
        AnswerTable.Write(_folder.Questions, [all[3] with { Yes = false, Annotator = "" }]);

        string message = Assert.Throws<BadInputException>(() => Run(SmallPlan.Plan, new PeopleAnnotator())).Message;

        Assert.StartsWith(
            $"{_folder.Questions}:2: 'by hand' says no here and yes in {_folder.Answers}:5;", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_people_save_while_machines_are_asked_is_not_lost()
    {
        Run(SmallPlan.Plan, new PeopleAnnotator());
        Answer[] questions = [.. AnswerTable.Read(_folder.Questions)];
        Answer ana = questions[1] with { Yes = true, Annotator = "Ana" };

        AnsweringOutcome outcome = AnsweringStage.Run(
            SmallPlan.Plan,
            _folder,
            [new PeopleAnnotator(), new FakeAnnotator(0.7)],
            done =>
            {
                if (done == 1)
                {
                    AnswerTable.Write(_folder.Questions, [questions[0] with { Yes = true }, .. questions[1..]]);
                    AnswerTable.Write(_folder.Answers, [ana]);
                }
            });

        Assert.Equal(AllAnswers - 2, outcome.Missing);
        Assert.Contains(Read(), answer => answer.Key == questions[0].Key && answer.Annotator == AnnotatorName.ByHand);
        Assert.Contains(ana, Read());
        Assert.Equal(AllAnswers + 2, Read().Count);
    }

    private AnsweringOutcome Run(Plan plan, IAnnotator annotator, Action<int>? onProgress = null) =>
        AnsweringStage.Run(plan, _folder, [annotator], onProgress);

    private AnsweringOutcome RunSeeing(
        VisualQuery sees, IAnnotator annotator, Action<int>? onProgress = null, CancellationToken cancellation = default)
    {
        SourceLocation location = new("colors.yaml", 1, 1);
        QuestionSpec question = new(SmallPlan.HasObject, new Template("", []), sees, [SmallPlan.Object, SmallPlan.TwoColors], location);
        return AnsweringStage.Run(
            SmallPlan.Plan with { Spec = SmallPlan.Plan.Spec with { Questions = [question] } },
            _folder,
            [annotator],
            onProgress,
            journal: new StageJournal(SmallManifest.Manifest, _folder),
            cancellation: cancellation);
    }

    private static Plan Asking(string text) => SmallPlan.Plan with
    {
        Questions =
        [
            .. SmallPlan.Plan.Questions.Select(question =>
                question.Name == SmallPlan.HasObject ? question with { Text = text } : question),
        ],
    };

    private IReadOnlyList<Answer> Read() => AnswerTable.Read(_folder.Answers);

    private void AnswerAllByHand()
    {
        Run(SmallPlan.Plan, new PeopleAnnotator());
        AnswerTable.Write(_folder.Questions, AnswerTable.Read(_folder.Questions).Select(question => question with { Yes = true }));
        Run(SmallPlan.Plan, new PeopleAnnotator());
    }

    private void PaintAll(string identity = "an identity")
    {
        int level = 0;
        foreach (PlannedImage image in SmallPlan.Plan.Images)
        {
            Paint(image.Path, level++, identity);
        }
    }

    private void Paint(string image, int level, string identity = "an identity")
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ImageFile.Write(_folder.In(image), torch.full([3, 2, 2], level / 100.0), identity);
    }

    private sealed class FakeAnnotator(double score, string name = "robot@0123abcd", string before = "") : IAnnotator
    {
        public string Name => name;

        public bool IsAutomatic => true;

        public List<string> Asked { get; } = [];

        public bool Gave(string annotator) => annotator == name;

        public bool GaveBefore(string annotator) => annotator == before;

        public void RequireAble(Plan plan)
        {
            // It answers anything.
        }

        public IEnumerable<Answer> Answer(AnnotationRequest request, CancellationToken cancellation)
        {
            Assert.All(request.Open, answer => Assert.Contains(request.Questions, question => question.Name == answer.Question));
            Asked.AddRange(request.Open.Select(answer => answer.ToString()));
            return [.. request.Open.Select(answer => answer with { Score = score, Yes = score > 0.5, Annotator = name })];
        }

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}
