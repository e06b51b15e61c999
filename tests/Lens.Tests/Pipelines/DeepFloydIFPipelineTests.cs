using DiffusionLens.Families;
using DiffusionLens.Families.DeepFloydIF;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

public sealed class DeepFloydIFPipelineTests
{
    private static readonly SamplerSettings Quick = new() { Steps = 2, Guidance = 7 };

    [Theory]
    [InlineData(ScalarType.Float64, 1e-9)]
    [InlineData(ScalarType.Float32, 1e-4)]
    public void A_site_is_the_layers_state_normed_once_or_not_at_all(ScalarType dtype, double tolerance)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("if", "text", Reference.Double);
        using TextToImageModel model = SmallCascade.Load(dtype);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        Assert.Equal(5, model.LayerCount);
        for (int layer = 0; layer <= model.LayerCount; layer++)
        {
            TensorAssert.Close(Shown(new LensSite(layer)), expected[$"lens.{layer}"].narrow(0, 0, 1), tolerance);
            LensSite plain = new(layer) { Norm = SiteNorm.None };
            TensorAssert.Close(Shown(plain), expected[$"hidden_states.{layer}"].narrow(0, 0, 1), tolerance);
        }

        TensorAssert.Close(encoding.Negative.States[0], expected["last_hidden_state"].narrow(0, 3, 1), tolerance);
        Assert.Equal(expected["input_ids"][0].data<long>().Select(id => (int)id), encoding.Encoders[0].Tokens.Ids);

        Tensor Shown(LensSite site) => Assert.Single(lens.Conditioning(encoding, site).States);
    }

    [Fact]
    public void Every_fourth_layer_of_T5_XXL_is_the_papers() => Assert.Equal([0, 4, 8, 12, 16, 20, 24], Lens.EveryCountedBack(24, 4));

    [Fact]
    public void The_first_stage_alone_makes_small_images_and_needs_no_second()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel both = SmallCascade.Load(ScalarType.Float64),
            first = TextToImageModel.Load(SmallCascade.Stages[0], new LoadOptions(ScalarType.Float64));
        LensImage large = Image(both, Quick), stopped = Image(both, Quick with { SuperResolution = null }), alone = Image(first, Quick);
        Assert.Equal([3, 32, 32], large.Pixels.shape);
        Assert.Equal([3, 16, 16], alone.Pixels.shape);
        Assert.True(stopped.Pixels.equal(alone.Pixels).all().item<bool>());
    }

    [Fact]
    public void Asking_for_a_network_frees_the_one_before()
    {
        using DisposeScope scope = NewDisposeScope();
        using DeepFloydIFParts parts = new(ModelFamily.Open(SmallCascade.Stages), new LoadOptions());
        Tensor text = Weight(parts.TextEncoder());
        Assert.Same(parts.TextEncoder(), parts.TextEncoder());
        Assert.False(text.IsInvalid);
        Tensor first = Weight(parts.UNet(parts.First));
        Assert.True(text.IsInvalid);
        Assert.Same(parts.UNet(parts.First), parts.UNet(parts.First));
        Tensor second = Weight(parts.UNet(parts.Second!));
        Assert.True(first.IsInvalid);
        Weight(parts.TextEncoder());
        Assert.True(second.IsInvalid);

        static Tensor Weight(nn.Module network) => network.parameters().First();
    }

    [Fact]
    public void Stages_in_one_folder_are_found_there()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel apart = SmallCascade.Load(ScalarType.Float32), together = TextToImageModel.Load(Reference.PathOf("if"));
        Assert.True(Image(apart, Quick).Pixels.equal(Image(together, Quick).Pixels).all().item<bool>());
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-11)]
    [InlineData(ScalarType.Float32, 1e-4)]
    public void An_images_company_in_the_batch_changes_its_rounding_alone(ScalarType dtype, double tolerance)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallCascade.Load(dtype);
        Lens lens = new(model);
        IReadOnlyList<PromptEncoding> encodings = lens.Encode([SmallModel.Prompt, "a green cat"]);
        LensSite[] sites = [new(0), new(5), new(5) { Norm = SiteNorm.None }];
        foreach (SamplerSettings settings in new[] { Quick, Quick with { Scheduler = "ddpm" } })
        {
            IEnumerable<PromptBatch> batches = encodings.Select(encoding => Whole(lens, encoding, sites, [0, 7], settings));
            IReadOnlyList<LensImage> together = lens.Images([.. batches], settings);
            Assert.Equal(12, together.Count);
            foreach (PromptEncoding encoding in encodings)
            {
                LensImage alone = Assert.Single(lens.Images(encoding, [sites[1]], [7], settings));
                LensImage among = together.Single(image => image.Key == new ImageKey(encoding.Prompt, sites[1], 7));
                TensorAssert.Close(among.Latents, alone.Latents, tolerance);
            }
        }
    }

    [Fact]
    public void Other_prompts_of_a_call_change_no_bit()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallCascade.Load(ScalarType.Float32);
        Lens lens = new(model);
        IReadOnlyList<PromptEncoding> encodings = lens.Encode([SmallModel.Prompt, "a green cat"]);
        LensSite[] sites = [new(0), new(5)];
        PromptBatch other = Whole(lens, encodings[0], [new(5) { Norm = SiteNorm.None }], [0], Quick);
        PromptBatch wanted = Whole(lens, encodings[1], sites, [0], Quick);
        LensImage among = lens.Images([other, wanted], Quick)[2], alone = lens.Images(encodings[1], sites, [0], Quick)[1];
        Assert.Equal(alone.Key, among.Key);
        Assert.True(among.Latents.equal(alone.Latents).all().item<bool>());
    }

    [Fact]
    public void Every_sampler_makes_a_image_and_leaves_nothing_in_native_memory()
    {
        using TextToImageModel model = SmallCascade.Load(ScalarType.Float32);
        Lens lens = new(model);
        Images();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Images();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Images()
        {
            using DisposeScope scope = NewDisposeScope();
            using PromptEncoding encoding = lens.Encode("a dog");
            foreach (string sampler in Scheduler.Names.Except(Scheduler.FlowNames))
            {
                IReadOnlyList<LensImage> images = lens.Images(
                    encoding, [new(1), new(5)], [0], Quick with { Scheduler = sampler, Steps = 5 });
                Assert.All(images, image => Assert.True(image.Pixels.isfinite().all().item<bool>()));
            }
        }
    }

    [Fact]
    public void The_second_stages_settings_are_its_own()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallCascade.Load(ScalarType.Float64);
        Tensor plain = Image(model, Quick).Pixels;
        Assert.True(Differs(new(Guidance: 1)) && Differs(new(NoiseLevel: 100)) && Differs(new(Steps: 3)));
        TensorAssert.Close(Image(model, Quick with { SuperResolution = new(Steps: 2, Guidance: 4, NoiseLevel: 250) }).Pixels, plain, 1e-12);

        bool Differs(SuperResolutionSettings settings)
            => TensorAssert.RelativeError(Image(model, Quick with { SuperResolution = settings }).Pixels, plain) > 1e-4;
    }

    [Theory]
    [InlineData(ScalarType.BFloat16, 0.05)]
    [InlineData(ScalarType.Float16, 0.01)]
    public void Half_precision_gives_the_same_image_roughly_in_levels_of_float32(ScalarType dtype, double meanDifference)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel half = SmallCascade.Load(dtype), single = SmallCascade.Load(ScalarType.Float32);
        SamplerSettings settings = Quick with { Steps = 6 };
        Tensor rough = Image(half, settings).Pixels, exact = Image(single, settings).Pixels;
        Assert.Equal(ScalarType.Float32, rough.dtype);
        Assert.InRange(rough.sub(exact).abs().mean().item<float>(), 1e-6, meanDifference);
    }

    [Fact]
    public void Images_can_be_of_another_size_and_shape()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallCascade.Load(ScalarType.Float32);
        Assert.Equal([3, 16, 48], Image(model, Quick with { Height = 16, Width = 48 }).Pixels.shape);
        Assert.Equal([3, 20, 24], Image(model, Quick with { Height = 20, Width = 24, SuperResolution = null }).Pixels.shape);
        Assert.StartsWith(
            "height is 20; this model makes images whose sides are multiples of 8",
            Assert.Throws<BadInputException>(() => model.Calls(1, Quick with { Height = 20 })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_draws_that_are_rounded_are_those_of_diffusers_script_stage_by_stage()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("if", "images.ddpm");
        using TextToImageModel model = SmallCascade.Load(ScalarType.Float32);
        string[] names = ["layer5.noise.0.initial", "stage_II.layer5.noise.0.initial", "stage_II.layer5.noise.1.upscaled"];
        IReadOnlyList<Tensor> draws = model.StartingNoises(3, Quick), rounded = model.StartingNoises(3, Quick with { NoiseGrid = 0.125 });
        Assert.Equal(3, draws.Count);
        foreach (((string name, Tensor draw), Tensor onGrid) in names.Zip(draws).Zip(rounded))
        {
            TensorAssert.Close(draw, expected[name], 1e-6, name);
            Assert.True(onGrid.mul(8).eq(onGrid.mul(8).round()).all().item<bool>());
            Assert.InRange(onGrid.sub(draw).abs().max().item<float>(), 0.01, 0.0626);
        }

        Assert.Single(model.StartingNoises(3, Quick with { SuperResolution = null }));
    }

    [Fact]
    public void After_the_last_seed_the_second_stage_draws_from_the_first()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallCascade.Load(ScalarType.Float32);
        Tensor second = model.StartingNoises(ulong.MaxValue, Quick)[1];
        Assert.True(second.equal(DiffusionLens.Runtime.Noise.Normal(0, second.shape)).all().item<bool>());
    }

    [Fact]
    public void A_noise_level_that_there_is_not_is_refused()
    {
        using TextToImageModel model = SmallCascade.Load(ScalarType.Float32);
        Assert.Equal(
            "noise level is 1000; it must be 0 to 999",
            Assert.Throws<BadInputException>(() => model.Calls(1, Quick with { SuperResolution = new(NoiseLevel: 1000) })).Message);
    }

    [Fact]
    public void Progress_counts_both_stages_calls_and_a_cancelled_run_stops_between_two()
    {
        using CancellationTokenSource cancellation = new();
        List<SamplingProgress> steps = [];
        using TextToImageModel model = SmallCascade.Load(ScalarType.Float32);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode("a dog");
        Assert.Throws<OperationCanceledException>(() => lens.Images(encoding, [new(5)], [0], Quick, new Reports(Step), cancellation.Token));
        Assert.Equal([new(1, 4), new(2, 4), new(3, 4)], steps);

        void Step(SamplingProgress progress)
        {
            steps.Add(progress);
            if (progress.Done == 3)
            {
                cancellation.Cancel();
            }
        }
    }

    [Theory]
    [InlineData(
        "stage_I/model_index.json",
        "text_encoder",
        "[\"transformers\", \"CLIPTextModel\"]",
        "text_encoder is a CLIPTextModel; supported: T5EncoderModel")]
    [InlineData("stage_I/model_index.json", "text_encoder", "[null, null]", "names no \"text_encoder\"; a IFPipeline needs it")]
    [InlineData("stage_II/model_index.json", "image_noising_scheduler", "[null, null]", "names no \"image_noising_scheduler\"")]
    [InlineData("stage_I/text_encoder/config.json", "d_model", "64", "the unet reads text of width 48, the text encoder writes 64")]
    [InlineData("stage_I/text_encoder/config.json", "vocab_size", "10", "the text encoder rows for 10")]
    [InlineData("stage_I/text_encoder/config.json", "d_ff", "10", "d_ff is 10; by the weights it must be")]
    [InlineData("stage_I/unet/config.json", "out_channels", "4", "the unet reads 3 and writes 4 channels")]
    [InlineData("stage_I/unet/config.json", "out_channels", "3", "the scheduler wants a variance")]
    [InlineData("stage_I/unet/config.json", "class_embed_type", "\"timestep\"", "the unet wants a noise level")]
    [InlineData("stage_II/unet/config.json", "class_embed_type", "null", "the unet takes no noise level")]
    [InlineData("stage_II/unet/config.json", "sample_size", "40", "side 40, which is no multiple of 16")]
    [InlineData("stage_II/unet/config.json", "layers_per_block", "1", "is 1; by the weights it must be 2 (down_blocks.")]
    public void Stages_that_do_not_fit_are_refused_with_the_reason_before_any_is_loaded(string file, string key, string value, string error)
    {
        using TemporaryFolder folder = new();
        SmallCascade.CopyTo(folder);
        SmallCascade.Change(folder, file, key, value);
        BadInputException refusal = Assert.Throws<BadInputException>(() => TextToImageModel.Load(folder.Path));
        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("if/stage_II: is DeepFloyd IF's stage II, which enlarges images; give stage I's folder before it", "if/stage_II")]
    [InlineData("if/stage_II: is DeepFloyd IF's stage II", "if/stage_II", "if/stage_I")]
    [InlineData("if/stage_I: is a IFPipeline; beside", "if/stage_I", "if/stage_I")]
    [InlineData("there can be no other folder", "sd1", "sd2")]
    [InlineData("there can be one IFSuperResolutionPipeline", "if/stage_I", "sd1")]
    [InlineData("has no model_index.json", "if/expected")]
    public void Folders_that_are_not_of_one_model_are_refused(string error, params string[] folders)
        => Assert.Contains(
            error,
            Assert.Throws<BadInputException>(() => TextToImageModel.Load([.. folders.Select(folder => Reference.PathOf(folder))])).Message,
            StringComparison.Ordinal);

    private static PromptBatch Whole(Lens lens, PromptEncoding encoding, LensSite[] sites, ulong[] seeds, SamplerSettings settings)
        => new(encoding, Assert.Single(lens.Batches(encoding.Prompt, sites, seeds, settings)));

    private static LensImage Image(TextToImageModel model, SamplerSettings settings)
    {
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        return Assert.Single(lens.Images(encoding, [new(5)], [0], settings));
    }
}
