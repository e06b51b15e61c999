using DiffusionLens;
using DiffusionLens.Configs;
using Experiments.Results;

namespace Experiments.Tests.Results;

public sealed class StageJournalTests : IDisposable
{
    private readonly ResultsFolder _folder = new(Directory.CreateTempSubdirectory("journal-").FullName);

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    [Theory]
    [InlineData("empty", "is empty")]
    [InlineData("longer", "has 7 bytes")]
    [InlineData("a letter is another", "another SHA-256")]
    [InlineData("missing", "is missing")]
    [InlineData("a folder in its place", "is missing")]
    public void A_stage_is_done_only_while_its_files_are_as_it_left_them(string damage, string said)
    {
        Draw(Journal());
        Assert.True(Journal().IsDone(Stage.Figures, "inputs"));
        Assert.False(Journal().IsDone(Stage.Figures, "other inputs"));

        string file = _folder.Figure("f", "svg");
        File.Delete(file);
        switch (damage)
        {
            case "empty": File.WriteAllText(file, ""); break;
            case "longer": File.WriteAllText(file, "figure."); break;
            case "a letter is another": File.WriteAllText(file, "figurE"); break;
            case "a folder in its place": Directory.CreateDirectory(file); break;
            default: break;
        }

        Assert.False(Journal().IsDone(Stage.Figures, "inputs"));
        string damaged = Assert.Single(Journal().Damage(Stage.Figures));
        Assert.StartsWith("figures/f.svg ", damaged, StringComparison.Ordinal);
        Assert.Contains(said, damaged, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spec-2", true)]
    [InlineData("another spec-1", false)]
    public void What_a_stage_was_done_from_is_told_whatever_version_of_the_program_did_it(string inputs, bool isOf)
    {
        StageJournal journal = Journal();
        Assert.True(journal.IsOf(Stage.Measures, inputs));

        journal.Do(Stage.Measures, "spec-1", [], didWork => didWork, () => true);
        Assert.Equal(isOf, Journal().IsOf(Stage.Measures, inputs));

        journal.Begin(Stage.Measures, "spec-1");
        Assert.False(Journal().IsOf(Stage.Measures, inputs));
    }

    [Fact]
    public void What_others_are_writing_or_left_unfinished_is_not_named_in_the_manifest()
    {
        Directory.CreateDirectory(_folder.Figures);
        File.WriteAllText(UnfinishedFile.Beside(_folder.Figure("f", "svg")), "half");

        Draw(Journal());

        Assert.Equal(["figures/f.svg"], RunManifest.Read(_folder)!.Stages["figures"].Files.Select(file => file.Path));
    }

    [Fact]
    public void A_stage_that_had_nothing_to_do_keeps_its_time_and_notes_the_files_as_they_are_now()
    {
        Draw(Journal());
        File.WriteAllText(_folder.Figure("f", "svg"), "another figure");

        Journal().Do(Stage.Figures, "inputs", _folder.Drawings, didWork => didWork, () => false);

        Assert.True(Journal().IsDone(Stage.Figures, "inputs"));
    }

    [Fact]
    public void Where_a_stage_fails_and_the_disk_is_full_what_the_stage_says_is_what_is_said()
    {
        StageJournal journal = Journal();
        Directory.CreateDirectory(_folder.Manifest);

        Exception problem = Assert.Throws<BadInputException>(() => journal.Do<bool>(
            Stage.Figures, "inputs", [], didWork => didWork, () => throw new BadInputException("the first")));

        Assert.Equal("the first", problem.Message);
    }

    [Fact]
    public void A_stage_that_was_killed_at_work_is_not_done()
    {
        Draw(Journal());

        StageJournal journal = Journal();
        journal.SetThreads(2);
        journal.Begin(Stage.Figures, "inputs");

        Assert.False(Journal().IsDone(Stage.Figures, "inputs"));
        Assert.Equal([2], RunManifest.Read(_folder)!.Threads!);
    }

    [Fact]
    public void What_recognizers_looked_for_stays_noted_until_they_look_for_something_else()
    {
        Assert.Empty(Journal().Sees);
        Journal().NoteSees(new Dictionary<string, string> { ["has object"] = "{thing: object}", ["has color"] = "{color: color}" });
        Draw(Journal());

        Journal().NoteSees(new Dictionary<string, string> { ["has color"] = "{color: color'}" });

        Assert.Equal("{thing: object}", Journal().Sees["has object"]);
        Assert.Equal("{color: color'}", RunManifest.Read(_folder)!.Sees!["has color"]);
        Assert.True(Journal().IsDone(Stage.Figures, "inputs"));
    }

    [Fact]
    public void What_another_command_has_drawn_anew_is_noted()
    {
        Draw(Journal());
        File.WriteAllText(_folder.Figure("f", "svg"), "drawn by another");

        StageJournal.Renew(_folder);

        Assert.True(Journal().IsDone(Stage.Figures, "inputs"));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Of_an_explorer_new_answers_are_noted_and_what_is_damaged_beside_them_is_not(bool isPageDamaged, bool isDone)
    {
        Journal().Do(Stage.Explorer, "inputs", [_folder.Explorer, _folder.ExplorerParts], didWork => didWork, () =>
        {
            Directory.CreateDirectory(_folder.ExplorerParts);
            File.WriteAllText(_folder.Explorer, "page");
            File.WriteAllText(_folder.ExplorerAnswers, "answers");
            return true;
        });
        File.WriteAllText(_folder.ExplorerAnswers, "new answers");
        File.WriteAllText(_folder.Explorer, isPageDamaged ? "pagf" : "page");

        StageJournal.Renew(_folder);

        Assert.Equal(isDone, Journal().IsDone(Stage.Explorer, "inputs"));
    }

    private void Draw(StageJournal journal) => journal.Do(Stage.Figures, "inputs", _folder.Drawings, didWork => didWork, () =>
    {
        Directory.CreateDirectory(_folder.Figures);
        File.WriteAllText(_folder.Figure("f", "svg"), "figure");
        return true;
    });

    private StageJournal Journal() => new(SmallManifest.Manifest, _folder);
}
