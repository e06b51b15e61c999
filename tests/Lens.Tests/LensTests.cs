using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using DiffusionLens.Tests.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests;

public sealed class DiffusionLensTests
{
    private static readonly SamplerSettings Quick = new() { Scheduler = DiffusionLens.Schedulers.Scheduler.PaperName, Steps = 2 };

    [Theory]
    [InlineData(12, 2, new[] { 0, 2, 4, 6, 8, 10, 12 })]
    [InlineData(23, 4, new[] { 3, 7, 11, 15, 19, 23 })]
    [InlineData(2, 1, new[] { 0, 1, 2 })]
    [InlineData(5, 9, new[] { 5 })]
    public void Layers_are_counted_back_from_the_last(int layerCount, int step, int[] layers)
        => Assert.Equal(layers, Lens.EveryCountedBack(layerCount, step));

    [Theory]
    [InlineData("sd1")]
    [InlineData("sd2")]
    public void A_site_is_the_layers_state_with_or_without_the_final_norm(string pipeline)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(pipeline, "text");
        TextToImageModel model = SmallModel.Load(pipeline, ScalarType.Float64);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        for (int layer = 0; layer <= model.LayerCount; layer++)
        {
            TensorAssert.Close(Shown(new LensSite(layer)), expected[$"lens.{layer}"].narrow(0, 0, 1), 1e-11);
            LensSite plain = new(layer) { Norm = SiteNorm.None };
            TensorAssert.Close(Shown(plain), expected[$"hidden_states.{layer}"].narrow(0, 0, 1), 1e-11);
        }

        TensorAssert.Close(encoding.Negative.States[0], expected["last_hidden_state"].narrow(0, 3, 1), 1e-11);
        Assert.Equal(expected["input_ids"][0].data<long>().Select(id => (int)id), encoding.Encoders[0].Tokens.Ids);

        Tensor Shown(LensSite site) => Assert.Single(lens.Conditioning(encoding, site).States);
    }

    [Fact]
    public void A_mixture_is_the_mean_of_what_each_layer_up_to_it_shows()
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float64));
        LensSite block = new(3) { Mixture = SiteMixture.Mean };
        LensSite attention = block with
        {
            Point = SitePoint.AttentionOut,
            Norm = SiteNorm.None,
            Tokens = SiteTokens.Padding,
            Rest = SiteRest.Native,
        };
        using PromptEncoding encoding = lens.Encode([SmallModel.Prompt], [block, attention])[0];

        TensorAssert.Close(Shown(block), Mean(block, 0, 1, 2, 3), 1e-12);
        TensorAssert.Close(Shown(attention), Mean(attention, 1, 2, 3), 1e-12);
        Assert.Equal("layer-03_mixture-mean", block.Key);

        Tensor Shown(LensSite site) => Assert.Single(lens.Conditioning(encoding, site).States);

        Tensor Mean(LensSite site, params int[] layers)
            => stack([.. layers.Select(layer => Shown(site.At(layer) with { Mixture = SiteMixture.None }))], 0).mean([0L]);
    }

    [Theory]
    [InlineData(3, "layer3.norm_matched")]
    [InlineData(5, "norm_matched")]
    public void A_matched_norm_gives_each_position_the_length_of_the_models_own_read(int layer, string name)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("sd1", "sites");
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float64));
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        Tensor shown = Assert.Single(lens.Conditioning(encoding, new LensSite(layer) { Norm = SiteNorm.Matched }).States);
        TensorAssert.Close(shown, expected[$"{name}.conditioning"], 1e-11);
    }

    [Fact]
    public void A_layer_that_the_model_lacks_is_refused_with_those_it_has()
    {
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float32));
        using PromptEncoding encoding = lens.Encode("a dog");
        BadInputException error = Assert.Throws<BadInputException>(() => lens.Images(encoding, [new LensSite(6)], [0], Quick));
        Assert.Equal("layer is 6; this model has layers 0 to 5", error.Message);
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-12)]
    [InlineData(ScalarType.Float32, 2e-5)]
    public void An_images_company_in_the_batch_changes_its_rounding_alone(ScalarType dtype, double tolerance)
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd2", dtype));
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensSite[] sites = [new(0), new(2), new(4), new(4) { Norm = SiteNorm.None }];
        IReadOnlyList<LensImage> together = lens.Images(encoding, sites, [0, 7, 5], Quick);
        Assert.Equal(
            sites.SelectMany(site => new ulong[] { 0, 7, 5 }.Select(seed => new ImageKey(SmallModel.Prompt, site, seed))),
            together.Select(image => image.Key));
        foreach (LensImage image in together)
        {
            LensImage alone = Assert.Single(lens.Images(encoding, [image.Key.Site], [image.Key.Seed], Quick));
            TensorAssert.Close(image.Latents, alone.Latents, tolerance);
            TensorAssert.Close(image.Pixels, alone.Pixels, tolerance);
        }
    }

    [Fact]
    public void The_same_request_gives_the_same_bits()
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float32));
        LensImage[] twice = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
            return lens.Images(encoding, [new(1), new(5)], [3], Quick)[1];
        })];
        Assert.True(twice[0].Latents.equal(twice[1].Latents).all().item<bool>());
        Assert.True(twice[0].Pixels.equal(twice[1].Pixels).all().item<bool>());
    }

    [Fact]
    public void The_negative_prompt_changes_the_other_side_of_the_guidance_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float64));
        using PromptEncoding plain = lens.Encode(SmallModel.Prompt), away = lens.Encode(SmallModel.Prompt, "a green cat");
        Assert.True(TensorAssert.RelativeError(Image(plain, 7.5), Image(away, 7.5)) > 1e-3);
        TensorAssert.Close(Image(away, 1), Image(plain, 1), 1e-12);

        Tensor Image(PromptEncoding encoding, double guidance)
            => lens.Images(encoding, [new(5)], [0], Quick with { Guidance = guidance })[0].Pixels;
    }

    [Fact]
    public void Progress_counts_the_denoisers_calls_and_a_cancelled_run_stops_between_two()
    {
        using CancellationTokenSource cancellation = new();
        List<SamplingProgress> steps = [];
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float32));
        using PromptEncoding encoding = lens.Encode("a dog");
        SamplerSettings settings = Quick with { Steps = 4, Scheduler = Scheduler.PaperName };
        Assert.Throws<OperationCanceledException>(
            () => lens.Images(encoding, [new(5)], [0], settings, new Reports(Step), cancellation.Token));
        Assert.Equal([new(1, 4), new(2, 4)], steps);

        void Step(SamplingProgress progress)
        {
            steps.Add(progress);
            if (progress.Done == 2)
            {
                cancellation.Cancel();
            }
        }
    }

    [Fact]
    public void Nothing_is_left_in_native_memory()
    {
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float32));
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (DisposeScope scope = NewDisposeScope())
        {
            using PromptEncoding encoding = lens.Encode("a dog");
            foreach (string sampler in DiffusionLens.Schedulers.Scheduler.Names.Except(DiffusionLens.Schedulers.Scheduler.FlowNames))
            {
                Assert.Equal(2, lens.Images(encoding, [new(1), new(5)], [0], Quick with { Scheduler = sampler, Steps = 5 }).Count);
            }
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void An_encoding_outlives_the_scope_it_was_made_in()
    {
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float32));
        PromptEncoding encoding;
        using (NewDisposeScope())
        {
            encoding = lens.Encode("a dog");
            lens.Images(encoding, [new(5)], [0], Quick);
        }

        using DisposeScope scope = NewDisposeScope();
        Assert.Equal([3, 32, 32], lens.Images(encoding, [new(5)], [0], Quick)[0].Pixels.shape);
        encoding.Dispose();
    }
}
