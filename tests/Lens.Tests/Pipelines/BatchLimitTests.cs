using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

public sealed class BatchLimitTests
{
    private const long Gibi = 1L << 30;

    [Fact]
    public void How_many_images_go_together_does_not_depend_on_what_is_free()
    {
        Assert.Equal(8, BatchLimit.Of(Gibi / 16, Placement.Default, () => throw new InvalidOperationException()));
        Assert.Equal(1, BatchLimit.Of(Gibi, Placement.Default, () => 5 * Gibi));
        Assert.Equal(1, BatchLimit.Of(Gibi, Placement.Default, () => null));
    }

    [Fact]
    public void An_image_that_does_not_fit_is_refused_with_what_would() => Assert.Equal(
        "an image of this size takes about 4.3 GB to compute in float32, of which 3.2 GB are free; "
            + "in bfloat16 it would be 2.1 GB, which fits",
        Assert.Throws<BadInputException>(() => BatchLimit.Of(Gibi, Placement.Default, () => 3 * Gibi)).Message);

    [Theory]
    [InlineData(ScalarType.Float32, 1)]
    [InlineData(ScalarType.BFloat16, 1)]
    public void Where_no_type_fits_it_is_the_size_that_is_too_large(ScalarType type, long free) => Assert.EndsWith(
        "take a smaller height and width",
        Assert.Throws<BadInputException>(() => BatchLimit.Of(2 * Gibi, new Placement(type, CPU), () => free * Gibi)).Message);

    [Fact]
    public void Sides_have_an_end()
    {
        Assert.Equal(16384, BatchLimit.Side("height", 16384));
        Assert.Throws<BadInputException>(() => BatchLimit.Side("height", 16392));
    }
}
