using DiffusionLens;
using Experiments.Answers;
using Experiments.Import;
using Experiments.Measures;
using Experiments.Results;

namespace Experiments.Tests.Import;

public sealed class ReleaseImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("release-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void People_answer_with_0_1_or_nothing_and_before_GPT()
    {
        IReadOnlyList<Answer> colors = Import().Answers[("colors", "paper-df")];
        Answer[] relations =
        [
            .. Import().Answers[("relations", "paper-df")].Where(answer => answer is { Question: "relation", Annotator: "human" }),
        ];

        Assert.Equal([false, true, true, false, false, true, true, true, false], colors.Select(answer => answer.Yes!.Value));
        Assert.Equal(5, relations.Length);
        Assert.DoesNotContain(relations, answer => answer is { Seed: 1, Layer: 4 });
        Assert.Equal("human", Import().Answers[("relations", "paper-df")][0].Annotator);
    }

    [Fact]
    public void A_score_over_5_is_a_yes_and_what_is_no_score_a_no()
    {
        Answer[] gpt =
        [
            .. Import().Answers[("relations", "paper-df")].Where(answer => answer is { Question: "relation", Annotator: "gpt-4v" }),
        ];

        Assert.Equal(
            [
                ("A mug in a hut.", 0, "0 5 10", "nny"),
                ("A mug in a hut.", 1, "- - 7", "nny"),
                ("A cup in a box.", 0, "- - 10", "nny"),
                ("A cup in a box.", 1, "- - 6.5", "nny"),
            ],
            gpt.GroupBy(answer => (answer.Prompt, answer.Seed)).Select(row => (
                row.Key.Prompt,
                row.Key.Seed,
                string.Join(' ', row.Select(answer => answer.Score is double score ? FormattableString.Invariant($"{score}") : "-")),
                string.Concat(row.Select(answer => answer.Yes == true ? "y" : "n")))));
    }

    [Fact]
    public void The_relation_judges_the_image_as_a_whole()
    {
        IEnumerable<Answer> whole = Import().Answers[("relations", "paper-df")].Where(answer => answer.Question == AnsweredRow.AsAWhole);

        Assert.Equal([0, 4, 24, 0, 24], whole.Where(answer => answer.Annotator == "human").Select(answer => answer.Layer));
    }

    [Fact]
    public void Of_two_experiments_of_which_one_name_begins_with_the_other_each_gets_its_own()
    {
        IReadOnlyList<Answer> syntax = Import().Answers[("syntax", "paper-sd")];

        Assert.Equal(
            [
                ("antecedent second", "A mug is on it.", 0),
                ("antecedent second", "A mug is on it.", 0),
                ("antecedent first", "A mug of tea.", 1),
                ("antecedent first", "A mug of tea.", 1),
            ],
            syntax.Select(answer => (answer.Condition, answer.Prompt, answer.PromptNumber)));
        Assert.Equal([3, 23, 3, 23], syntax.Select(answer => answer.Layer));
    }

    [Fact]
    public void Of_every_file_it_is_said_what_was_left_aside_and_why()
    {
        Dictionary<string, string> notes = Import().Notes.ToDictionary(note => note.File, note => note.Note);

        Assert.Equal(12, notes.Count);
        Assert.Equal("9 answers", notes["human_annotations/classes_IsCorrect_df.csv"]);
        Assert.Equal(
            "10 answers; 1 empty cells: not answered",
            notes["human_annotations/positional_in_RelationCorrect_df_positional_in_17.5.csv"]);
        Assert.Equal(
            "skipped: byte for byte positional_in_RelationCorrect_df_positional_in_17.5.csv, no second annotator",
            notes["human_annotations/positional_in_RelationCorrect_df_positional_in_18.25.csv"]);
        Assert.Equal(
            "24 answers; 6 cells without a score: no; 1 rows of a prompt and seed that came before: left aside",
            notes["gpt_annotations/auto_prompts_positional_in_RelationCorrect_df.csv"]);
        Assert.Contains(
            "in no figure or table",
            notes["gpt_annotations/auto_prompts_syntax_compound_IsCorrect_df.csv"],
            StringComparison.Ordinal);
        Assert.Contains("its name", notes["gpt_annotations/notes.csv"], StringComparison.Ordinal);
        Assert.Equal("1 animals with their daily views", notes["prompts/unfamiliar_animals - Sheet1.csv"]);
        Assert.Equal("skipped: no answers in it", notes["inputs/prompts.txt"]);
    }

    [Fact]
    public void It_is_written_where_generated_answers_go_and_read_back_as_it_was()
    {
        ReleaseImport release = Import();
        string results = Path.Combine(_folder, "results");

        release.Write(new ResultsRoot(results));

        string path = Path.Combine(results, "relations", "paper-df", "answers.csv");
        Assert.Equal(release.Answers[("relations", "paper-df")], AnswerTable.Read(path));
        byte[] first = File.ReadAllBytes(path);
        release.Write(new ResultsRoot(results));
        Assert.Equal(first, File.ReadAllBytes(path));
    }

    [Fact]
    public void What_others_answered_stays_and_comes_back_where_the_table_was_damaged_and_what_a_machine_can_say_again_is_not_trusted()
    {
        ReleaseImport release = Import();
        ResultsFolder folder = new ResultsRoot(Path.Combine(_folder, "results")).Of("relations", "paper-df");
        Answer released = release.Answers[("relations", "paper-df")][0];
        Answer[] others =
        [
            released with { Annotator = "ann", Yes = true, Answered = DateTime.UnixEpoch },
            released with { Annotator = "ben", Yes = true, Answered = DateTime.UnixEpoch },
            released with { Annotator = "recognizer@01234567", Yes = true },
        ];
        Directory.CreateDirectory(folder.Path);
        AnswersFile.Write(folder, others);
        string table = File.ReadAllText(folder.Answers);
        string[] kept = [.. table.Split('\n').Where(line => !line.Contains("ben", StringComparison.Ordinal))];
        File.WriteAllText(folder.Answers, string.Join('\n', kept));

        release.Write(new ResultsRoot(Path.Combine(_folder, "results")));

        Assert.Equal(
            others[..2],
            AnswerTable.Read(folder.Answers).Where(answer => answer.Annotator is not ("human" or "gpt-4v"))
                .OrderBy(answer => answer.Annotator, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("prompt,0,seed\nA mug.,2,0\n", "people's answers are 0, 1 or nothing")]
    [InlineData("prompt,zero,seed\nA mug.,1,0\n", "'zero' is no layer")]
    [InlineData("prompt,0,seed\nA mug.,1,x\n", ":2: 'x' is no seed")]
    [InlineData("prompt,0\nA mug.,1\n", "the columns are prompt")]
    public void What_no_release_has_is_refused_with_its_place(string text, string error)
    {
        SmallRelease.Make(_folder);
        string file = Path.Combine(_folder, "human_annotations", "famous_IsHuman_df_famous_1.csv");
        File.WriteAllText(file, text);

        string message = Assert.Throws<BadInputException>(() => ReleaseImport.Read(_folder)).Message;

        Assert.StartsWith(file, message, StringComparison.Ordinal);
        Assert.Contains(error, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_no_release_is_refused() =>
        Assert.Contains(
            "human_annotations",
            Assert.Throws<BadInputException>(() => ReleaseImport.Read(_folder)).Message,
            StringComparison.Ordinal);

    private ReleaseImport Import() =>
        ReleaseImport.Read(Directory.Exists(Path.Combine(_folder, "inputs")) ? _folder : SmallRelease.Make(_folder));
}
