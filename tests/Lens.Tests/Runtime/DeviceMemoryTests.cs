using DiffusionLens.Runtime;

namespace DiffusionLens.Tests.Runtime;

public sealed class DeviceMemoryTests
{
    [Theory]
    [InlineData(85_000_000_000, 17_179_869_184)]
    [InlineData(79_000_000_000, 17_179_869_184)]
    [InlineData(25_000_000_000, 4_294_967_296)]
    [InlineData(9L, 2L)]
    [InlineData(0L, null)]
    [InlineData(null, null)]
    public void A_batch_takes_a_quarter_of_what_is_free_in_steps_that_small_differences_do_not_cross(long? free, long? share)
        => Assert.Equal(share, DeviceMemory.ShareOf(free));
}
