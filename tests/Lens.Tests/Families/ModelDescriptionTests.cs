using DiffusionLens.Families;

namespace DiffusionLens.Tests.Families;

public sealed class ModelDescriptionTests
{
    /// <summary>Like Stable Diffusion XL: the last but one of two encoders.</summary>
    private static readonly ModelDescription Two = Reading((1, 3, 4), (2, 4, 5));

    /// <summary>Like FLUX.2 klein: three states of one encoder.</summary>
    private static readonly ModelDescription Three = Reading((1, 9, 36), (1, 18, 36), (1, 27, 36));

    /// <summary>Like Stable Diffusion 3: pooled vectors of both.</summary>
    private static readonly ModelDescription BothPooled = Two with { PooledReads = [Pooled(0, 4), Pooled(1, 5)] };

    /// <summary>Like FLUX.1: a pooled vector of one encoder, the sequence of another.</summary>
    private static readonly ModelDescription PooledBesideSequence = Two with
    {
        Reads = [new EncoderRead(Encoder: 1, Layer: 3, Normed: true, ReadPositions.All)],
        PooledReads = [Pooled(0, 4)],
    };

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
        foreach ((int own, int deepest) in
            from deepest in Enumerable.Range(1, 12)
            from own in Enumerable.Range(1, deepest)
            select (own, deepest))
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
    public void A_site_ends_where_the_encoders_that_it_looks_into_do_and_above_shows_what_they_say_there()
    {
        Assert.Equal(4, Two.DeepestLayer(new LensSite(0)));
        LensSite first = new(0) { Encoder = SiteEncoder.Nth(1) };
        Assert.Equal(3, Two.DeepestLayer(first));
        Assert.Equal([3, 4], LayersAt(Two, first.At(4)));
    }

    [Theory]
    [InlineData(1, 2, SitePooled.Lens, 2, 5)]
    [InlineData(1, 4, SitePooled.Lens, 4, 5)]
    [InlineData(2, 3, SitePooled.Lens, 4, 3)]
    [InlineData(2, 5, SitePooled.Lens, 4, 5)]
    [InlineData(null, 1, SitePooled.Lens, 1, 1)]
    [InlineData(null, 4, SitePooled.Lens, 3, 4)]
    [InlineData(null, 1, SitePooled.Native, 4, 5)]
    [InlineData(2, 1, SitePooled.Empty, 4, 5)]
    public void Pooled_vectors_of_what_is_looked_into_are_of_the_layer_where_the_site_looks_at_them(
        int? encoder, int layer, SitePooled pooled, int first, int second)
    {
        LensSite site = new(layer) { Encoder = new SiteEncoder(encoder), Pooled = pooled };
        Assert.Equal([first, second], BothPooled.PooledReadsAt(site).Select(read => read.Layer));
        Assert.All(BothPooled.PooledReadsAt(site), read => Assert.True(read.Normed));
    }

    [Fact]
    public void A_site_that_looks_at_a_pooled_vector_ends_at_the_deepest_layer_that_it_is_pooled_of()
    {
        LensSite site = new(0) { Encoder = SiteEncoder.Nth(2), Pooled = SitePooled.Lens };
        Assert.Equal(5, BothPooled.DeepestLayer(site));
        Assert.Equal([3, 4], LayersAt(BothPooled, site.At(5)));
        Assert.Equal(4, BothPooled.DeepestLayer(site with { Encoder = SiteEncoder.All }));
    }

    [Fact]
    public void An_encoder_that_is_read_as_a_pooled_vector_alone_is_looked_into_there()
    {
        LensSite site = new(2) { Encoder = SiteEncoder.Nth(1), Pooled = SitePooled.Lens };
        Assert.Equal(4, PooledBesideSequence.DeepestLayer(site));
        Assert.Equal([3], LayersAt(PooledBesideSequence, site));
        Assert.Equal(2, Assert.Single(PooledBesideSequence.PooledReadsAt(site)).Layer);
    }

    [Fact]
    public void Empty_below_is_the_empty_prompts_pooled_vector_where_a_block_is_left_out_and_the_models_own_where_none_is()
    {
        LensSite site = new(2) { Pooled = SitePooled.EmptyBelow };
        Assert.True(PooledBesideSequence.EmptiesPooled(site));
        Assert.False(PooledBesideSequence.EmptiesPooled(site.At(PooledBesideSequence.LayerCount)));
        Assert.True(PooledBesideSequence.EmptiesPooled(new(PooledBesideSequence.LayerCount) { Pooled = SitePooled.Empty }));
    }

    [Fact]
    public void A_choice_that_would_change_nothing_is_refused()
    {
        LensSite lensed = new(1) { Pooled = SitePooled.Lens }, othersEmpty = new(1) { Others = SiteOthers.Empty };
        Refused(Three, lensed, "pooled is lens; this model reads no pooled vector");
        Refused(Three, new(1) { Pooled = SitePooled.Empty }, "pooled is empty; this model reads no pooled vector");
        Refused(PooledBesideSequence, lensed, "pooled is lens, but of what is looked into");
        Refused(PooledBesideSequence, new(1) { Encoder = SiteEncoder.Nth(1) }, "encoder is 1, of which this model reads a pooled vector");
        Refused(Three, othersEmpty, "other encoders are to be empty, but every encoder");
        Refused(Two, othersEmpty, "other encoders are to be empty, but every encoder");
        Assert.Equal([1, 4], LayersAt(Two, othersEmpty with { Encoder = SiteEncoder.Nth(1) }));

        static void Refused(ModelDescription model, LensSite site, string error)
            => Assert.StartsWith(
                error, Assert.Throws<BadInputException>(() => model.ReadsAt(site)).Message, StringComparison.Ordinal);
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
    [InlineData(5, 1, "layer is 5; this model has layers 0 to 4")]
    [InlineData(1, 3, "encoder is 3; this model has 1 to 2")]
    public void A_place_that_there_is_not_is_refused_with_those_there_are(int layer, int? encoder, string error)
        => Assert.StartsWith(
            error,
            Assert.Throws<BadInputException>(() => Two.ReadsAt(new LensSite(layer) { Encoder = new SiteEncoder(encoder) })).Message,
            StringComparison.Ordinal);

    private static int[] LayersAt(ModelDescription model, LensSite site) => [.. model.ReadsAt(site).Select(read => read.Layer)];

    private static EncoderRead Pooled(int encoder, int layer) => new(encoder, layer, Normed: true, ReadPositions.Pooled);

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
