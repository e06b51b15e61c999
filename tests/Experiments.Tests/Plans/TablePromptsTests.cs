using DiffusionLens;
using Experiments.Plans;
using Experiments.Specs;
using Experiments.Specs.Reading;
using Experiments.Tests.Specs;

namespace Experiments.Tests.Plans;

/// <summary>Prompts from a table laid out as the paper's released ones are.</summary>
public sealed class TablePromptsTests : IDisposable
{
    private const string Table = """
        prompt,class1,class2,is_natural
        A star in a hat.,star,hat,0
        A cup on a table.,cup,table,1
        ,,,
        "A cup, blue, in a box. ",cup ,box,1
        A cup on a table.,cup,table,1
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("table-").FullName;

    public TablePromptsTests() => File.WriteAllText(Path.Combine(_folder, "all - Sheet1.csv"), Table);

    [Fact]
    public void A_table_that_is_not_UTF8_is_refused_with_its_line()
    {
        File.WriteAllBytes(Path.Combine(_folder, "latin1.csv"), [.. "prompt,class1,class2\nA caf"u8, 0xe9, .. " in a box.,cup,box\n"u8]);

        string message = Assert.Throws<BadInputException>(() => Make("csv: latin1.csv")).Message;

        Assert.EndsWith("latin1.csv:2:1: not UTF-8 text; save the file as UTF-8", message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_prompt_is_taken_once_in_the_files_order_with_its_words()
    {
        Plan plan = Make("csv: all - Sheet1.csv");

        Assert.Equal(["A star in a hat.", "A cup on a table.", "A cup, blue, in a box. "], plan.Prompts.Select(prompt => prompt.Text));
        Assert.Equal("cup", plan.Prompts[2].Words["object"]);
        Assert.Equal("Is there a box?", plan.Questions[^1].Text);
    }

    [Fact]
    public void Rows_can_be_chosen_by_their_cells()
    {
        Assert.Equal(
            ["A cup on a table."],
            Make("csv: all - Sheet1.csv, where: {prompt: \"* on *\"}").Prompts.Select(prompt => prompt.Text));
        Assert.Equal(
            ["A star in a hat."],
            Make("csv: all - Sheet1.csv, where: {is_natural: 0, prompt: \"* in *\"}").Prompts.Select(prompt => prompt.Text));
    }

    [Fact]
    public void A_sample_is_drawn_by_chance_and_a_limit_takes_its_beginning()
    {
        string[] all = Texts(Make("csv: all - Sheet1.csv, sample: 3")),
            limited = Texts(Make("csv: all - Sheet1.csv, sample: 3", new PlanLimits(Prompts: 2)));

        Assert.Equal(3, all.Distinct().Count());
        Assert.Equal(all[..2], limited);

        static string[] Texts(Plan plan) => [.. plan.Prompts.Select(prompt => prompt.Text)];
    }

    [Fact]
    public void What_a_column_says_of_a_word_comes_before_what_the_lexicon_says()
    {
        File.WriteAllText(Path.Combine(_folder, "animals.csv"), "prompt,animal,kind\nA cat!,cat,fish\n");
        string spec = """
            version: 1
            title: Animals
            layers: all
            seeds: 1
            prompts:
              animals: {csv: animals.csv, columns: {animal: animal, class of animal: kind}, right: class}
            questions:
              class: {ask: "Is it {a class of animal}?", sees: {class of: animal}, of: animals}

            """;

        PlannedQuestion asked = Assert.Single(Plan(spec, PlanLimits.None).Questions);

        Assert.Equal(("Is it a fish?", new MiniWorld.Question.AnimalOfClass("fish")), (asked.Text, asked.Query));
    }

    [Theory]
    [InlineData(
        "csv: none.csv",
        "spec.yaml:6:17: there is no file none.csv, in the spec's folder or from the current one; write where it is"
    )]
    [InlineData(
        "csv: all - Sheet1.csv, where: {natural: 1}",
        "spec.yaml:6:43: 'natural' is no column of all - Sheet1.csv; "
            + "did you mean 'is_natural'? (one of: prompt, class1, class2, is_natural)"
    )]
    [InlineData("csv: all - Sheet1.csv, sample: 4", "spec.yaml:6:3: sample: 4, but there are only 3 different prompts in all - Sheet1.csv")]
    [InlineData(
        "csv: all - Sheet1.csv, where: {is_natural: 2}",
        "spec.yaml:6:3: no prompt is left: there are 0 different prompts in all - Sheet1.csv"
    )]
    public void What_the_file_lacks_is_named_with_its_place(string condition, string error) =>
        Assert.Equal(
            error,
            Assert
                .Throws<BadInputException>(() => Make(condition))
                .Message.Replace(_folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));

    [Fact]
    public void A_word_that_is_missing_in_a_row_is_named_with_its_line()
    {
        File.WriteAllText(Path.Combine(_folder, "gap.csv"), "prompt,class1,class2\nA cup.,cup,box\nA hat.,,box\n");

        Assert.EndsWith(
            "gap.csv:3: nothing in column 'class1', which is to give the prompt's object; write it there",
            Assert.Throws<BadInputException>(() => Make("csv: gap.csv")).Message,
            StringComparison.Ordinal);
    }

    private Plan Make(string condition, PlanLimits? limits = null) => Plan(
        $$"""
        version: 1
        title: A table
        layers: all
        seeds: 1
        prompts:
          table: { {{condition}}, columns: {object: class1, object': class2}, right: has object' }
        questions:
          has object': {ask: "Is there {a object'}?", sees: {thing: object'}, of: table}

        """,
        limits ?? PlanLimits.None);

    private Plan Plan(string spec, PlanLimits limits)
    {
        string path = Path.Combine(_folder, "spec.yaml");
        File.WriteAllText(path, spec);
        return Planner.Make((Spec)ExperimentReader.Read(path), RepositoryFiles.Mini, 3, limits);
    }
}
