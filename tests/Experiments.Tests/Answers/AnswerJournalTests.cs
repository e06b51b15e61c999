using Experiments.Answers;
using Experiments.Results;

namespace Experiments.Tests.Answers;

public sealed class AnswerJournalTests : IDisposable
{
    private readonly ResultsFolder _folder = new(Directory.CreateTempSubdirectory("journal-").FullName);
    private readonly Answer[] _asked = [.. SmallPlan.Asked(SmallPlan.Plan).Take(4)];

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    [Fact]
    public void What_somebody_said_last_of_a_question_is_taken_over_into_the_tables()
    {
        Write(Said(0, "Ana", true), Said(1, "Ana", true), Said(1, "Ben", true), Said(0, "Ana", false), Said(1, "Ana", null));

        (int missing, IReadOnlyList<string> notes) = TakeOver();

        Assert.Equal(
            [(0, "Ana", false), (1, "Ben", true)],
            AnswerTable.Read(_folder.Answers).Select(answer => (PlaceOf(answer), answer.Annotator, answer.Yes == true)));
        Assert.Equal((2, 0), (missing, notes.Count));
        Assert.False(File.Exists(_folder.AnswerJournal));
    }

    [Fact]
    public void An_answer_that_was_taken_over_before_can_be_changed_and_taken_back()
    {
        Write(Said(0, "Ana", true), Said(1, "Ana", true));
        TakeOver();
        Write(Said(0, "Ana", false), Said(1, "Ana", null));

        TakeOver();

        Assert.False(Assert.Single(AnswerTable.Read(_folder.Answers)).Yes);
    }

    [Fact]
    public void Taken_over_twice_as_after_a_kill_the_tables_are_the_same()
    {
        Write(Said(0, "Ana", true), Said(0, "Ben", false), Said(2, "Ana", true));
        byte[] journal = File.ReadAllBytes(_folder.AnswerJournal);
        TakeOver();
        byte[] answers = File.ReadAllBytes(_folder.Answers), questions = File.ReadAllBytes(_folder.Questions);
        File.WriteAllBytes(_folder.AnswerJournal, journal);

        TakeOver();

        Assert.Equal(answers, File.ReadAllBytes(_folder.Answers));
        Assert.Equal(questions, File.ReadAllBytes(_folder.Questions));
    }

    [Fact]
    public void A_line_that_was_cut_off_is_said_and_the_others_are_taken()
    {
        Write(Said(0, "Ana", true), Said(1, "Ana", true));
        string text = File.ReadAllText(_folder.AnswerJournal);
        File.WriteAllText(_folder.AnswerJournal, text[..^20]);
        Write(Said(2, "Ana", true));

        (_, IReadOnlyList<string> notes) = TakeOver();

        Assert.StartsWith($"{_folder.AnswerJournal}:2: ", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Equal([0, 2], AnswerTable.Read(_folder.Answers).Select(PlaceOf));
    }

    [Fact]
    public void A_machines_answers_stay_the_first_ones_where_they_were()
    {
        AnswerTable.Write(_folder.Answers, _asked.Select(asked => asked with { Yes = true, Annotator = "robot@00000001" }));
        Write(Said(0, "Ana", false));

        TakeOver();

        Assert.Equal(["robot@00000001", "Ana"], AnswerTable.Read(_folder.Answers).Take(2).Select(answer => answer.Annotator));
    }

    [Fact]
    public void What_was_said_of_other_pixels_replaces_nothing_and_is_set_aside()
    {
        AnswerTable.Write(_folder.Answers, [Said(0, "Ana", true)]);
        Write(Said(0, "Ana", false) with { ImageHash = "px-00000000000000ff" });

        TakeOver();

        Assert.True(Assert.Single(AnswerTable.Read(_folder.Answers)).Yes);
        Assert.False(Assert.Single(AnswerTable.Read(_folder.SupersededAnswers)).Yes);
    }

    private (int Missing, IReadOnlyList<string> Notes) TakeOver()
    {
        AnswerLedger ledger = AnswerLedger.Open(_folder, _asked, EarlierAnnotator.AndPeople(_folder));
        ledger.Save();
        return (ledger.SaveQuestions(), ledger.Notes);
    }

    private void Write(params Answer[] answers)
    {
        using AnswerJournal journal = AnswerJournal.Open(_folder);
        foreach (Answer answer in answers)
        {
            journal.Append(answer);
        }
    }

    private Answer Said(int place, string who, bool? yes) =>
        _asked[place] with { Yes = yes, Annotator = who, Answered = AnswerTime.Now };

    private int PlaceOf(Answer answer) => Array.FindIndex(_asked, asked => asked.Key == answer.Key);
}
