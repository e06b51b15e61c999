using DiffusionLens.Runtime;

namespace DiffusionLens.Tests.Runtime;

public sealed class HugePagesTests
{
    private const long Page = 2 << 20;

    [Fact]
    public void Ranges_that_lie_close_together_are_asked_for_as_one()
        => Assert.Equal(
            [(0, 5 * Page), (10 * Page, 13 * Page)],
            HugePages.Joined([(10 * Page, 13 * Page), (3 * Page, 5 * Page), (0, (2 * Page) + 1), (Page, 2 * Page)]));

    [Fact]
    public void What_is_shorter_than_two_pages_is_left_alone()
        => Assert.Empty(HugePages.Joined([(0, Page), (5 * Page, (7 * Page) - 1)]));
}
