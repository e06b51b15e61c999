using Experiments.Results;
using Experiments.Runs;

namespace Experiments.Tests.Runs;

public sealed class FiguresRunTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetTempPath(), "of this machine"));

    [Fact]
    public void The_command_of_a_page_has_all_that_its_numbers_depend_on_and_no_path_of_this_machine() => Assert.Equal(
        "dlens-repro figures my.yaml --model a,b --results 'my results' --calibration known.csv --page page.md",
        FiguresRun.PageCommand(
            [Path.Combine(Root, "my.yaml")],
            ["a", "b"],
            new ResultsRoot(Path.Combine(Root, "my results")),
            Path.Combine(Root, "page.md"),
            Path.Combine(Root, "known.csv")));

    [Fact]
    public void What_was_named_from_here_stays_as_it_was_named() => Assert.Equal(
        "dlens-repro figures --model a --results ../results --page docs/page.md",
        FiguresRun.PageCommand([], ["a"], new ResultsRoot("../results"), "docs/page.md", null));
}
