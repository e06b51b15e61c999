using DiffusionLens.Pipelines;
using DiffusionLens.Tests.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests;

public sealed class LensBatchesTests
{
    private static readonly LensSite[] Sites = [new(0), new(1), new(2), new(3), new(4)];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_prompts_images_are_one_batch_where_they_fit(int seeds)
    {
        IReadOnlyList<ImageKey> batch = Assert.Single(Of(SmallModel.Load("sd1", ScalarType.Float32), new SamplerSettings(), seeds));
        Assert.Equal(
            from site in Sites from seed in Enumerable.Range(0, seeds) select new ImageKey("a dog", site, (ulong)seed),
            batch);
    }

    // Of images of this size two fit in a batch.
    [Theory]
    [InlineData(1, new[] { "0/0 1/0", "2/0 3/0", "4/0" })]
    [InlineData(2, new[] { "0/0 0/1", "1/0 1/1", "2/0 2/1", "3/0 3/1", "4/0 4/1" })]
    [InlineData(3, new[] { "0/0 0/1", "0/2 1/0", "1/1 1/2", "2/0 2/1", "2/2 3/0", "3/1 3/2", "4/0 4/1", "4/2" })]
    public void Layers_and_seeds_share_batches_that_are_full(int seeds, string[] batches)
    {
        TextToImageModel model = SmallModel.Load("sd1", ScalarType.Float32);
        Assert.Equal(batches, Of(model, Fitting(model, 2), seeds).Select(Said));
    }

    [Theory]
    [InlineData(1, new[] { "0/0 1/0", "2/0 3/0", "4/0" })]
    [InlineData(3, new[] { "0/0 0/1", "0/2 1/0", "1/1 1/2", "2/0 2/1", "2/2 3/0", "3/1 3/2", "4/0 4/1", "4/2" })]
    public void A_cascades_batches_are_full_too(int seeds, string[] batches)
    {
        using TextToImageModel model = SmallCascade.Load(ScalarType.Float32);
        Assert.Equal(batches, Of(model, Fitting(model, 2), seeds).Select(Said));
    }

    [Fact]
    public void No_sites_or_no_seeds_are_no_batches()
    {
        using TextToImageModel cascade = SmallCascade.Load(ScalarType.Float32);
        foreach (TextToImageModel model in new[] { SmallModel.Load("sd1", ScalarType.Float32), cascade })
        {
            Assert.Empty(new Lens(model).Batches("a dog", [], [0], new SamplerSettings()));
            Assert.Empty(new Lens(model).Batches("a dog", Sites, [], new SamplerSettings()));
        }
    }

    [Fact]
    public void An_image_of_another_prompt_is_refused()
    {
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float32));
        using PromptEncoding encoding = lens.Encode("a dog");
        PromptBatch batch = new(encoding, [new ImageKey("a cat", new LensSite(1), 0)]);
        Assert.Throws<ArgumentException>(() => lens.Images([batch], new SamplerSettings { Steps = 1 }));
    }

    [Fact]
    public void A_batch_made_alone_has_the_bits_that_it_has_among_others()
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float32));
        using PromptEncoding encoding = lens.Encode("a dog");
        SamplerSettings settings = new() { Steps = 2 };
        IEnumerable<IReadOnlyList<ImageKey>> parts = Sites.Chunk(2).SelectMany(sites => lens.Batches("a dog", sites, [0, 1], settings));
        PromptBatch[] batches = [.. parts.Select(images => new PromptBatch(encoding, images))];
        LensImage[] together = [.. lens.Images(batches, settings)], last = [.. lens.Images([batches[^1]], settings)];
        Assert.Equal(batches.SelectMany(batch => batch.Images), together.Select(image => image.Key));
        Assert.All(together[^2..].Zip(last), pair => Assert.True(pair.First.Latents.equal(pair.Second.Latents).all().item<bool>()));
    }

    [Theory]
    [InlineData("euler_ancestral")]
    [InlineData("kdpm2_ancestral")]
    [InlineData("lcm")]
    public void Each_image_draws_from_its_own_generator_in_a_batch_or_not(string sampler)
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float64));
        using PromptEncoding encoding = lens.Encode("a dog");
        SamplerSettings settings = new() { Scheduler = sampler, Steps = 3 };
        Tensor together = lens.Images(encoding, [new(5)], [0, 7], settings)[1].Latents;
        TensorAssert.Close(together, lens.Images(encoding, [new(5)], [7], settings)[0].Latents, 1e-9);
    }

    private static IReadOnlyList<IReadOnlyList<ImageKey>> Of(TextToImageModel model, SamplerSettings settings, int seeds)
        => new Lens(model).Batches("a dog", Sites, [.. Enumerable.Range(0, seeds).Select(seed => (ulong)seed)], settings);

    // Images so large that no more fit in a batch.
    private static SamplerSettings Fitting(TextToImageModel model, int images)
    {
        SamplerSettings settings = new() { Height = 64, Width = 64 };
        while (model.BatchSize(settings) > images)
        {
            settings = settings with { Height = settings.Height + 64, Width = settings.Width + 64 };
        }

        Assert.Equal(images, model.BatchSize(settings));
        return settings;
    }

    private static string Said(IReadOnlyList<ImageKey> batch)
        => string.Join(' ', batch.Select(image => $"{image.Site.Layer}/{image.Seed}"));
}
