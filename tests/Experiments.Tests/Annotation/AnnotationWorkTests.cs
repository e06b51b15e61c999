using DiffusionLens;
using Experiments.Annotation;
using Experiments.Answers;
using Experiments.Results;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Annotation;

public sealed class AnnotationWorkTests : IDisposable
{
    private readonly ResultsFolder _folder = new(Directory.CreateTempSubdirectory("work-").FullName);
    private readonly AnswerJournal _journal;

    public AnnotationWorkTests() => _journal = AnswerJournal.Open(_folder);

    public void Dispose()
    {
        _journal.Dispose();
        Directory.Delete(_folder.Path, recursive: true);
    }

    [Fact]
    public void A_set_has_one_question_and_at_most_fifty_images()
    {
        Answer[] asked = Asked(120);

        IReadOnlyList<QuestionSet> sets = QuestionSet.Make(asked, seed: 0, overlap: 0);

        Assert.All(sets, set => Assert.InRange(set.Places.Count, 1, 50));
        Assert.All(sets, set => Assert.Single(set.Places.Select(place => asked[place].Asked).Distinct()));
        Assert.Equal(Enumerable.Range(0, asked.Length), sets.SelectMany(set => set.Places).Order());
    }

    [Fact]
    public void The_order_is_shuffled_by_the_seed_and_the_same_again()
    {
        Answer[] asked = Asked(40);

        int[] order = Order(seed: 0);

        Assert.Equal(order, Order(seed: 0));
        Assert.NotEqual(order, Order(seed: 1));
        Assert.NotEqual(order.Order(), order);

        int[] Order(ulong seed) => [.. QuestionSet.Make(asked, seed, overlap: 0).SelectMany(set => set.Places)];
    }

    [Theory]
    [InlineData(0.1, 12)]
    [InlineData(0.01, 2)]
    [InlineData(1, 120)]
    public void Of_the_overlap_each_question_is_asked_twice(double overlap, int twice)
    {
        IReadOnlyList<QuestionSet> sets = QuestionSet.Make(Asked(120), seed: 0, overlap);

        Assert.Equal(twice, sets.Where(set => set.IsSecond).SelectMany(set => set.Places).Distinct().Count());
    }

    [Fact]
    public void The_prompt_is_shown_where_the_question_speaks_of_it()
    {
        Answer[] asked = [.. Asked(4).Select((answer, number) => number < 2 ? answer : answer with { Asked = "Does it show the prompt?" })];

        IReadOnlyList<QuestionSet> sets = QuestionSet.Make(asked, seed: 0, overlap: 0);

        Assert.All(
            sets,
            set => Assert.Equal(asked[set.Places[0]].Asked.Contains("prompt", StringComparison.Ordinal), set.Prompt is not null));
    }

    [Fact]
    public void Somebody_who_comes_later_is_asked_what_is_left_and_a_second_time_what_others_answered()
    {
        AnnotationWork work = Work(Asked(20), overlap: 0.25);
        Participant ana = work.Join(), ben = work.Join();
        Assert.Null(work.Show(ana).Set);
        Assert.Equal(15 + 5, Drain(work, ana, "Ana", yes: _ => true) + 0);

        WorkView left = work.Show(ana);
        Assert.Equal((null, 5), (left.Set, left.Waiting));
        Assert.Equal(5, Drain(work, ben, "Ben", yes: id => id % 2 == 0));

        ProgressView progress = work.Show(ben).Progress;
        Assert.Equal((25, 25, 5), (progress.Answered, progress.All, progress.Compared));
        Assert.Equal(0, work.MissingCount);
    }

    [Fact]
    public void Two_are_never_at_the_same_set()
    {
        AnnotationWork work = Work(Asked(120), overlap: 0);
        Participant ana = work.Join(), ben = work.Join();

        SetView hers = work.Call(ana, "Ana").Set!, his = work.Call(ben, "Ben").Set!;

        Assert.Empty(hers.Items.Select(item => item.Id).Intersect(his.Items.Select(item => item.Id)));
    }

    [Fact]
    public void Who_comes_back_to_a_set_that_another_took_meanwhile_gets_another_one()
    {
        AnnotationWork work = Work(Asked(120), overlap: 0);
        Participant ana = work.Join(), ben = work.Join();
        SetView hers = work.Call(ana, "Ana").Set!;
        ana.Seen -= TimeSpan.FromMinutes(11);

        SetView his = work.Call(ben, "Ben").Set!;
        SetView next = work.Show(ana).Set!;

        Assert.Equal(hers.Items.Select(item => item.Id), his.Items.Select(item => item.Id));
        Assert.Empty(next.Items.Select(item => item.Id).Intersect(his.Items.Select(item => item.Id)));
    }

    [Fact]
    public void Somebody_in_two_browsers_is_one_person_before_the_first_answer_too()
    {
        AnnotationWork work = Work(Asked(120), overlap: 0);

        work.Call(work.Join(), "Ana");

        Assert.Equal("Ana", work.Call(work.Join(), "ANA").Name);
    }

    [Fact]
    public void Who_opens_another_link_goes_on_with_their_set_where_they_were()
    {
        AnnotationWork work = Work(Asked(20), overlap: 0);
        Participant ana = work.Join(), ben = work.Join(), again = work.Join();
        SetView hers = work.Call(ana, "Ana").Set!;
        work.Call(ben, "Ben");
        work.Answer(ana, hers.Items[hers.Position].Id, yes: true);

        SetView same = work.Call(again, "ana").Set!;

        Assert.Equal(hers.Items.Select(item => item.Id), same.Items.Select(item => item.Id));
        Assert.Equal(1, same.Position);
    }

    [Fact]
    public void Undo_goes_back_across_sets_and_to_what_was_answered_before_a_restart()
    {
        Answer[] asked = Asked(6);
        AnnotationWork work = Work(asked, overlap: 0);
        Participant ana = work.Join();
        Drain(work, ana, "Ana", yes: _ => true);
        List<string> notes = [];
        AnnotationWork restarted = Work(asked, overlap: 0, AnswerJournal.Read(_folder, notes));
        Participant again = restarted.Join();
        restarted.Call(again, "ana");

        for (int left = 5; left >= 0; left--)
        {
            WorkView view = restarted.Undo(again);
            Assert.Equal(left, view.Progress.Mine);
            Assert.Null(view.Set!.Items[view.Set.Position].Yes);
        }

        Assert.Equal(0, restarted.Undo(again).Progress.Mine);
        Assert.Equal(12, File.ReadAllLines(_folder.AnswerJournal).Length);
    }

    [Fact]
    public void A_question_of_anothers_set_is_not_taken()
    {
        AnnotationWork work = Work(Asked(120), overlap: 0);
        Participant ana = work.Join(), ben = work.Join();
        work.Call(ana, "Ana");
        int his = work.Call(ben, "Ben").Set!.Items[0].Id;

        Assert.Throws<BadInputException>(() => work.Answer(ana, his, yes: true));
        Assert.Throws<BadInputException>(() => work.Answer(ana, -1, yes: true));
        Assert.Equal(0, new FileInfo(_folder.AnswerJournal).Length);
    }

    private AnnotationWork Work(Answer[] asked, double overlap, IEnumerable<Answer>? answers = null) =>
        new(asked, answers ?? [], QuestionSet.Make(asked, seed: 0, overlap), _journal, ReferenceImages.None.For);

    private static int Drain(AnnotationWork work, Participant person, string name, Func<int, bool> yes)
    {
        int given = 0;
        WorkView view = work.Call(person, name);
        while (view.Set is { } set)
        {
            view = work.Answer(person, set.Items[set.Position].Id, yes(set.Items[set.Position].Id));
            given++;
        }

        return given;
    }

    // About two things, each of which a half of the images is asked about.
    private static Answer[] Asked(int count) =>
    [
        .. Enumerable.Range(0, count).Select(number => SmallPlan.Asked(SmallPlan.Plan).First() with
        {
            Prompt = $"prompt {number % 2}",
            Asked = $"Is there thing {number % 2}?",
            Layer = number,
            ImageHash = $"px-{number:x16}",
        }),
    ];
}
