using DiffusionLens.Families;

namespace DiffusionLens.Tests.Families;

public sealed class ModelDescriptionTests
{
    /// <summary>Like Stable Diffusion XL: the last but one of two encoders.</summary>
    private static readonly ModelDescription Two = Reading((1, 3, 4), (2, 4, 5));

    /// <summary>Like FLUX.2 klein: three states of one encoder.</summary>
    private static readonly ModelDescription Three = Reading((1, 9, 36), (1, 18, 36), (1, 27, 36));

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(3, 2, 3)]
    [InlineData(4, 3, 4)]
    public void Where_all_encoders_are_looked_into_each_is_at_its_share_of_the_depth(int layer, int first, int second)
        => Assert.Equal([first, second], LayersAt(Two, new LensSite(layer)));

    [Fact]
    public void The_share_of_every_depth_is_the_nearest_layer_and_halves_go_up()
    {
        foreach ((int own, int deepest) in from deepest in Enumerable.Range(1, 12) from own in Enumerable.Range(1, deepest) select (own, deepest))
        {
            ModelDescription model = Reading((1, own, own), (2, deepest, deepest));
            foreach (int layer in Enumerable.Range(0, deepest + 1))
            {
                Assert.Equal([(int)Math.Floor(((double)layer * own / deepest) + 0.5), layer], LayersAt(model, new LensSite(layer)));
            }
        }
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(9, 9, 9, 9)]
    [InlineData(12, 9, 12, 12)]
    [InlineData(27, 9, 18, 27)]
    public void Each_of_several_reads_is_of_the_layer_or_of_its_own_where_that_is_less_deep(int layer, int first, int second, int third)
        => Assert.Equal([first, second, third], LayersAt(Three, new LensSite(layer)));

    [Fact]
    public void Encoders_that_are_not_looked_into_are_read_as_ever()
    {
        Assert.Equal([2, 4], LayersAt(Two, new LensSite(2) { Encoder = SiteEncoder.Nth(1) }));
        Assert.Equal([3, 1], LayersAt(Two, new LensSite(1) { Encoder = SiteEncoder.Nth(2) }));
    }

    [Fact]
    public void At_the_deepest_layer_read_the_reads_are_the_models_own()
        => Assert.All([Two, Three], model => Assert.Equal(model.Reads, model.ReadsAt(new LensSite(model.LayerCount))));

    [Fact]
    public void A_read_without_a_norm_gets_none_and_one_with_a_norm_loses_it_where_the_site_has_none()
    {
        ModelDescription model = Two with { Reads = [Two.Reads[0] with { Normed = true }, Two.Reads[1]] };
        Assert.Equal([true, false], model.ReadsAt(new LensSite(1)).Select(read => read.Normed));
        Assert.Equal([false, false], model.ReadsAt(new LensSite(1) { Norm = SiteNorm.None }).Select(read => read.Normed));
    }

    [Theory]
    [InlineData(5, null, "layer is 5; this model has layers 0 to 4")]
    [InlineData(-1, null, "layer is -1; this model has layers 0 to 4")]
    [InlineData(4, 1, "layer is 4; this model has layers 0 to 3")]
    [InlineData(1, 3, "encoder is 3; this model has 2")]
    public void A_place_that_there_is_not_is_refused_with_those_there_are(int layer, int? encoder, string error)
        => Assert.StartsWith(
            error,
            Assert.Throws<BadInputException>(() => Two.ReadsAt(new LensSite(layer) { Encoder = new SiteEncoder(encoder) })).Message,
            StringComparison.Ordinal);

    private static int[] LayersAt(ModelDescription model, LensSite site) => [.. model.ReadsAt(site).Select(read => read.Layer)];

    private static ModelDescription Reading(params (int Encoder, int Layer, int Blocks)[] reads) => new()
    {
        Family = "A family",
        Encoders =
        [
            .. reads.DistinctBy(read => read.Encoder)
                .Select(read => new EncoderDescription($"text_encoder_{read.Encoder}", EncoderKind.Clip, read.Blocks, HasFinalNorm: true)),
        ],
        Reads = [.. reads.Select(read => new EncoderRead(read.Encoder - 1, read.Layer, Normed: false, ReadPositions.All))],
        DefaultGuidance = 5,
    };
}
