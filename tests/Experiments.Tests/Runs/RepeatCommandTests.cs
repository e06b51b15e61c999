using Experiments.Runs;

namespace Experiments.Tests.Runs;

public sealed class RepeatCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("repeat it's ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Words_are_quoted_as_a_shell_takes_them() => Assert.Equal(
        "dlens-repro colors.yaml --model mini-sd,mini-if --source 'a star'\\''s \"$HOME\"' --steps 6",
        RepeatCommand.Of("colors.yaml", ["mini-sd", "mini-if"], ["--source", "a star's \"$HOME\"", "--steps", "6"]));

    [Fact]
    public void A_command_that_made_images_gets_who_answers_from_a_later_one_and_nothing_else() => Assert.Equal(
        "dlens-repro colors.yaml --model mini-sd --steps 4 --clip-thresholds c.csv --annotators people,clip --clip 'my clip'",
        RepeatCommand.WithAnswers(
            "dlens-repro colors.yaml --model mini-sd --steps 4 --clip-thresholds c.csv",
            [
                "--steps", "50", "--annotators", "people,clip", "--limit", "2", "--clip", "my clip", "--clip-thresholds", "d.csv",
                "--clean-text", "ftfy",
            ]));

    [Fact]
    public void Of_paths_there_is_the_last_part_and_of_addresses_nothing_to_sign_in_with()
    {
        string first = Path.Combine(_folder, "stage I"), second = Path.Combine(_folder, "stage_II") + Path.DirectorySeparatorChar;
        Directory.CreateDirectory(first);
        Directory.CreateDirectory(second);

        Assert.Equal("stage I,stage_II", RepeatCommand.WithoutPath($"{first}, {second}"));
        Assert.Equal("owner/name", RepeatCommand.WithoutPath("owner/name"));
        Assert.Equal("http://host:8080/v1", RepeatCommand.WithoutPath("http://me:secret@host:8080/v1"));
        Assert.Equal("dlens-repro x.yaml --model 'stage I'", RepeatCommand.Of("x.yaml", [first], []));
    }
}
