using System.Diagnostics;
using DiffusionLens.Runtime;
using Experiments.Console;

namespace Experiments.Tests.Console;

public sealed class ProfileTests
{
    [Fact]
    public void A_stage_has_its_parts_and_each_part_its_own_time()
    {
        using Profile profile = new();
        using (LensActivity.Start("a stage of a test"))
        {
            for (int time = 0; time < 3; time++)
            {
                using Activity? part = LensActivity.Start("outer part");
                using Activity? within = LensActivity.Start("inner part");
                Thread.Sleep(40);
            }
        }

        IReadOnlyList<string> lines = profile.Lines();
        string[] own = [.. lines.SkipWhile(line => !line.StartsWith("a stage", StringComparison.Ordinal)).Take(4)];
        Assert.Matches(@"^a stage of a test +0\.[1-9]\d +\d+ %$", own[0].TrimEnd());
        Assert.Matches(@"^  outer part +0\.0\d +\d+ % +3$", own[1]);
        Assert.Matches(@"^  inner part +0\.[1-9]\d +\d+ % +3$", own[2]);
        Assert.Matches(@"^  other +0\.0\d +\d+ %$", own[3].TrimEnd());
        Assert.Matches(@"^all +\d+\.\d\d +100 %$", lines.Single(line => line.StartsWith("all ", StringComparison.Ordinal)).TrimEnd());
    }

    [Fact]
    public void How_long_it_took_until_the_first_step_of_a_sampler_is_told()
    {
        using Profile profile = new();
        using (LensActivity.Start("denoise"))
        {
        }

        Assert.Matches(@"^until the first step +\d+\.\d\d +\d+ %$", profile.Lines()[^1].TrimEnd());
    }

    [Fact]
    public void It_follows_a_command_that_is_cut_off()
    {
        StringWriter output = new();
        Assert.Throws<OperationCanceledException>(
            () => Profile.Around(isWanted: true, output, () => throw new OperationCanceledException()));
        Assert.StartsWith("where the time went", output.ToString());
    }

    [Fact]
    public void Where_nobody_asks_nothing_is_measured_or_said()
    {
        StringWriter output = new();
        Profile.Around(isWanted: false, output, () => { });
        Assert.Empty(output.ToString());
    }
}
