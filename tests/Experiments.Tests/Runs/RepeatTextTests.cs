using Experiments.Answers;
using Experiments.Reports;
using Experiments.Results;
using Experiments.Runs;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Runs;

public sealed class RepeatTextTests
{
    private static readonly string Spec = new('1', 64), Words = new('2', 64), Model = new('3', 64), Measures = new('4', 64);

    private static readonly RunManifest Manifest = ModelFactsTests.Manifest with
    {
        Command = "dlens-repro colors.yaml --model small",
        Versions = new Dictionary<string, string> { ["dlens_repro"] = "0.1.0+0123456789abcdef" },
        Threads = [1, 2],
        Stages = new Dictionary<string, StageRecord>
        {
            ["measures"] = new(Done: true, "", 1, [new StageFile("measures.csv", 1, Measures)]),
        },
    };

    [Fact]
    public void The_block_is_the_command_and_comments_alone()
    {
        ReportCommands again = RepeatText.Of(Manifest, []);

        Assert.Equal(
            $"# DiffusionLens 0.1.0, commit 0123456789ab\n"
                + "dlens-repro colors.yaml --model small\n\n"
                + $"# What goes in (SHA-256):\n# colors.yaml    {Spec}\n# words of mini  {Words}\n# small          {Model}\n\n"
                + "# What comes out, on 1 thread and 2 threads of Processor (avx2), cuda; with another number of threads or on another "
                + $"machine a pixel can differ by a level:\n# measures.csv   {Measures}\n",
            again.Text);
        Assert.Equal("", again.Note);
    }

    [Fact]
    public void Where_the_command_is_not_known_it_is_that_of_the_experiment_on_the_model() => Assert.Contains(
        "\ndlens-repro colors.yaml --model 'my model'\n",
        RepeatText.Of(Manifest with { Command = null, Model = Manifest.Model with { Name = "my model" } }, []).Text,
        StringComparison.Ordinal);

    [Fact]
    public void Of_images_there_is_a_hash_of_all_pixels_that_changes_with_any_of_them_and_not_with_their_order()
    {
        Answer[] answers = [.. SmallPlan.Answers(SmallPlan.Plan, _ => 0).Select(answer => answer with { ImageHash = "px-0" })];

        Assert.Contains("# pixels of all images  ", RepeatText.Of(Manifest, answers).Text, StringComparison.Ordinal);
        Assert.Equal(RepeatText.Of(Manifest, answers).Text, RepeatText.Of(Manifest, [.. answers.Reverse()]).Text);
        Assert.NotEqual(
            RepeatText.Of(Manifest, answers).Text,
            RepeatText.Of(Manifest, [.. answers[..^1], answers[^1] with { ImageHash = "px-1" }]).Text);
    }

    [Fact]
    public void What_the_command_does_not_bring_back_is_said()
    {
        Answer[] answers =
        [
            .. SmallPlan.Answers(SmallPlan.Plan, _ => 0),
            .. SmallPlan.Answers(SmallPlan.Plan, _ => 0).Select(answer => answer with { Annotator = "robot@0123abcd" }),
            .. SmallPlan.Answers(SmallPlan.Plan, _ => 0).Select(answer =>
                answer with { Annotator = "vlm@0123abcd", Answered = DateTimeOffset.UnixEpoch }),
        ];

        Assert.Equal(
            "The command makes the images again and asks anew; what eye, vlm answered is in answers.csv alone.",
            RepeatText.Of(Manifest, answers).Note);
    }
}
