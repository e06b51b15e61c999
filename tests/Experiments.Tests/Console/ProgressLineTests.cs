using Experiments.Console;

namespace Experiments.Tests.Console;

public sealed class ProgressLineTests
{
    [Fact]
    public void A_stage_tells_its_count_its_share_its_rate_and_the_time_left()
    {
        ProgressLine line = new("images", "images", all: 100);
        line.Advance(10);
        Assert.Equal("images 10/100 (10 %)", line.ToString());

        Thread.Sleep(20);
        line.Advance(55.9);
        Assert.Matches(@"^images 55/100 \(55 %\), \d+\.\d images/s, \d+ s left$", line.ToString());
    }

    [Fact]
    public void What_cannot_be_counted_tells_percent()
    {
        ProgressLine line = new("verify mini-sd", unit: null, all: 100);
        line.Advance(0);
        Thread.Sleep(20);
        line.Advance(50);
        Assert.Matches(@"^verify mini-sd 50 %, \d+ s left$", line.ToString());
    }
}
