namespace Experiments.Tests.Runs;

/// <summary>How torch's threads wait for one another, as libgomp itself tells it when it is loaded.</summary>
public sealed class WaitingThreadsTests
{
    [SkippableTheory]
    [InlineData("", "", "1000")]
    [InlineData("GOMP_SPINCOUNT", "77", "77")]
    [InlineData("OMP_WAIT_POLICY", "ACTIVE", "30000000000")]
    public void They_sleep_unless_the_user_says_otherwise(string variable, string value, string spins)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "libgomp is Linux's.");
        Dictionary<string, string> environment = new() { ["OMP_DISPLAY_ENV"] = "verbose" };
        if (variable.Length > 0)
        {
            environment[variable] = value;
        }

        (int exitCode, string output) = ChildProgram.Run(environment, "start torch");

        Assert.Equal(0, exitCode);
        Assert.Contains($"GOMP_SPINCOUNT = '{spins}'", output, StringComparison.Ordinal);
    }
}
