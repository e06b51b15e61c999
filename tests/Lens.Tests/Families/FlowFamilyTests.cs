using DiffusionLens.Families;
using DiffusionLens.Families.StableDiffusion3;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Tests.Pipelines;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Families;

/// <summary>What SD 3's and FLUX's folders say of themselves, how they are sampled, and what of them is in memory.</summary>
public sealed class FlowFamilyTests
{
    [Fact]
    public void SD_3_reads_both_CLIPs_at_the_last_but_one_layer_T5_at_the_last_and_pools_both_CLIPs()
    {
        ModelDescription model = DescriptionOf(Reference.PathOf(Reference.SD3));
        Assert.Equal(["text_encoder", "text_encoder_2", "text_encoder_3"], model.Encoders.Select(encoder => encoder.Name));
        Assert.Equal([(0, 3, false), (1, 3, false), (2, 3, true)], model.Reads.Select(read => (read.Encoder, read.Layer, read.Normed)));
        Assert.Equal([(0, 4, true), (1, 4, true)], model.PooledReads.Select(read => (read.Encoder, read.Layer, read.Normed)));
        Assert.Equal((new OwnSampler("flow_match_euler", 28), 7), (model.OwnSampler!, model.DefaultGuidance));
        Assert.Equal(new SequenceLength(256, 512), model.SequenceLength);
    }

    [Fact]
    public void SD_3_without_T5_has_two_encoders()
    {
        using TemporaryFolder folder = SmallFlow.Copy(Reference.SD3);
        SmallCascade.Change(folder, "model_index.json", "text_encoder_3", "[null, null]");
        ModelDescription model = DescriptionOf(folder.Path);
        Assert.Equal([(0, 3), (1, 3)], model.Reads.Select(read => (read.Encoder, read.Layer)));
    }

    [Fact]
    public void Of_FLUX_the_config_of_the_transformer_tells_dev_from_schnell()
    {
        using TemporaryFolder dev = Dev();
        ModelDescription schnell = DescriptionOf(Reference.PathOf(Reference.Flux)), told = DescriptionOf(dev.Path);
        Assert.All([schnell, told], model => Assert.Equal((1, 3, true), PlaceOf(model.Reads.Single())));
        Assert.All([schnell, told], model => Assert.Equal((0, 4, true), PlaceOf(model.PooledReads.Single())));
        Assert.Equal((GuidanceKind.None, 0, 4, 256), Settings(schnell));
        Assert.Equal((GuidanceKind.Embedded, 3.5, 28, 512), Settings(told));

        static (int, int, bool) PlaceOf(EncoderRead read) => (read.Encoder, read.Layer, read.Normed);

        static (GuidanceKind, double, int, int) Settings(ModelDescription model)
            => (model.Guidance, model.DefaultGuidance, model.OwnSampler!.Steps, model.SequenceLength!.Default);
    }

    [Fact]
    public void Samplers_that_cannot_serve_a_model_and_guidance_without_effect_are_refused()
    {
        ModelDescription flux = DescriptionOf(Reference.PathOf(Reference.Flux)), sd = DescriptionOf(Reference.PathOf("sd1"));
        Refused(flux, new SamplerSettings { Scheduler = "ddim", Guidance = 0 }, "scheduler is 'ddim', which cannot serve FLUX.1");
        Refused(flux, new SamplerSettings { Guidance = 1.5 }, "guidance is 1.5; this model was distilled to do without");
        Refused(sd, new SamplerSettings { Scheduler = "flow_match_euler" }, "scheduler is 'flow_match_euler', which cannot serve Stable");
        flux.Require(new SamplerSettings { Scheduler = "flow_match_euler", Guidance = 1 });
        sd.Require(new SamplerSettings { Scheduler = "ddim" });

        static void Refused(ModelDescription model, SamplerSettings settings, string error)
            => Assert.StartsWith(error, Assert.Throws<BadInputException>(() => model.Require(settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_whose_scheduler_is_of_another_kind_is_refused()
    {
        using TemporaryFolder folder = SmallFlow.Copy(Reference.Flux);
        SmallCascade.Change(folder, "model_index.json", "scheduler", "[\"diffusers\", \"DDIMScheduler\"]");
        string error = Assert.Throws<BadInputException>(() => DescriptionOf(folder.Path)).Message;
        Assert.EndsWith(
            "its class is DDIMScheduler, which cannot serve a FluxPipeline; it must be one of FlowMatchEulerDiscreteScheduler",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_whose_folder_names_a_class_that_is_not_supported_needs_another_sampler_of_its_family()
    {
        const string Error = "scheduler is 'FlowMatchLCMScheduler', which cannot serve FLUX.1; it must be one of flow_match_euler";
        using DisposeScope scope = NewDisposeScope();
        using TemporaryFolder folder = SmallFlow.Copy(Reference.Flux);
        SmallCascade.Change(folder, "model_index.json", "scheduler", "[\"diffusers\", \"FlowMatchLCMScheduler\"]");
        using TextToImageModel model = SmallFlow.LoadFolder(folder.Path);
        SamplerSettings settings = SmallFlow.Settings(Reference.Flux), named = settings with { Scheduler = "flow_match_euler" };
        Assert.Equal(["flow_match_euler"], model.Description.Samplers!);
        Assert.Equal(Error, Assert.Throws<BadInputException>(() => model.Description.Require(settings)).Message);
        Assert.Equal(Error, Assert.Throws<BadInputException>(() => model.Calls(1, settings)).Message);
        Assert.Equal(Error, Assert.Throws<BadInputException>(
            () => model.Calls(1, settings with { SchedulerOptions = SchedulerOptions.Parse(["shift=3"]) })).Message);

        using TextToImageModel usual = SmallFlow.Load(Reference.Flux);
        Assert.True(Image(model, named).equal(Image(usual, settings)).all().item<bool>());

        static Tensor Image(TextToImageModel of, SamplerSettings with)
        {
            Lens lens = new(of);
            using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
            return Assert.Single(lens.Images(encoding, [new LensSite(of.LayerCount)], [0], with)).Pixels;
        }
    }

    [Theory]
    [InlineData(Reference.SD3)]
    [InlineData(Reference.Flux)]
    public void Samplers_of_noise_predictors_serve_a_flow_where_the_config_is_set_so(string pipeline)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallFlow.Load(pipeline);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        SamplerSettings settings = SmallFlow.Settings(pipeline) with
        {
            Scheduler = "unipc",
            SchedulerOptions = SchedulerOptions.Parse(["use_flow_sigmas=true", "prediction_type=flow_prediction", "flow_shift=3"]),
        };
        model.Description.Require(settings);
        Tensor pixels = Assert.Single(lens.Images(encoding, [new LensSite(model.LayerCount)], [0], settings)).Pixels;
        Assert.True(pixels.isfinite().all().item<bool>());
        Assert.Throws<BadInputException>(() => model.Calls(1, settings with { SchedulerOptions = SchedulerOptions.None }));
    }

    [Fact]
    public void What_the_shift_by_size_reads_can_be_set_where_it_is_read()
    {
        using TextToImageModel model = SmallFlow.Load(Reference.Flux);
        Assert.Equal(4, model.Calls(1, With("use_dynamic_shifting=true", "base_shift=0.6")));
        BadInputException refusal = Assert.Throws<BadInputException>(() => model.Calls(1, With("base_shift=0.6")));
        Assert.Contains("base_shift means nothing", refusal.Message, StringComparison.Ordinal);

        static SamplerSettings With(params string[] options)
            => SmallFlow.Settings(Reference.Flux) with { SchedulerOptions = SchedulerOptions.Parse(options) };
    }

    [Theory]
    [InlineData(Reference.SD3, "text_encoder_3/config.json", "d_model", "64", "text of width 96, text_encoder_3 writes 64")]
    [InlineData(Reference.SD3, "text_encoder_2/config.json", "projection_dim", "32", "width 80, both CLIPs together write 64")]
    [InlineData(Reference.SD3, "tokenizer_2/tokenizer_config.json", "model_max_length", "70", "the CLIPs read 77 and 70 tokens")]
    [InlineData(Reference.SD3, "vae/config.json", "latent_channels", "4", "reads 8 and writes 8 channels, the vae has 4")]
    [InlineData(Reference.Flux, "vae/config.json", "latent_channels", "8", "reads 16 and writes 16 values a token, the vae has 32")]
    [InlineData(Reference.Flux, "text_encoder/config.json", "hidden_size", "64", "pooled vector of width 32, text_encoder writes 64")]
    [InlineData(Reference.Flux, "text_encoder_2/config.json", "d_model", "96", "text of width 64, text_encoder_2 writes 96")]
    [InlineData(Reference.Flux, "transformer/config.json", "guidance_embeds", "true", "missing (time_text_embed.guidance_embedder")]
    public void Parts_that_do_not_fit_each_other_are_refused_before_anything_is_loaded(
        string pipeline, string file, string key, string value, string error)
    {
        using TemporaryFolder folder = SmallFlow.Copy(pipeline);
        SmallCascade.Change(folder, file, key, value);
        Assert.Contains(error, Assert.Throws<BadInputException>(() => SmallFlow.LoadFolder(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Reference.SD3, 30, "height is 30; this model makes images whose sides are multiples of 4")]
    [InlineData(Reference.SD3, 100, "height is 100; this model knows positions in images of up to 96 pixels")]
    [InlineData(Reference.Flux, 30, "height is 30; this model makes images whose sides are multiples of 4")]
    public void Sizes_that_the_model_cannot_make_are_refused(string pipeline, int height, string error)
    {
        using TextToImageModel model = SmallFlow.Load(pipeline);
        SamplerSettings settings = SmallFlow.Settings(pipeline) with { Height = height };
        Assert.Equal(error, Assert.Throws<BadInputException>(() => model.Calls(1, settings)).Message);
    }

    [Fact]
    public void The_guidance_that_a_model_is_told_changes_its_images_and_asks_it_once_a_step()
    {
        using DisposeScope scope = NewDisposeScope();
        using TemporaryFolder folder = Dev();
        using TextToImageModel model = SmallFlow.LoadFolder(folder.Path);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        SamplerSettings settings = SmallFlow.Settings(Reference.Flux);
        List<SamplingProgress> calls = [];
        Tensor[] images = [.. new[] { 1.5, 3.5, 7 }.Select(Image)];
        Assert.Equal(3, images.Select(image => image.mean().item<double>()).Distinct().Count());
        Assert.Equal(12, calls.Count);

        Tensor Image(double guidance) => Assert.Single(lens.Images(
            encoding, [new LensSite(model.LayerCount)], [0], settings with { Guidance = guidance }, new Collected(calls))).Pixels;
    }

    [Fact]
    public void FLUX_falls_evenly_to_the_last_step_shifted_by_the_size_of_the_image()
    {
        using DisposeScope scope = NewDisposeScope();
        using TemporaryFolder folder = Dev();
        SmallCascade.Change(folder, "scheduler/scheduler_config.json", "use_dynamic_shifting", "true");
        using TextToImageModel model = SmallFlow.LoadFolder(folder.Path);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        SamplerSettings settings = SmallFlow.Settings(Reference.Flux) with { Guidance = model.Description.DefaultGuidance, Width = 64 };
        Tensor made = Assert.Single(lens.Images(encoding, [new LensSite(model.LayerCount)], [0], settings)).Latents;

        // 8×16 tokens on the line from 0.5 at 256 to 1.15 at 4096.
        double mu = 0.5 + ((128 - 256) * (1.15 - 0.5) / (4096 - 256));
        double[] levels = [.. new[] { 1, 0.75, 0.5, 0.25 }.Select(sigma => Math.Exp(mu) / (Math.Exp(mu) + ((1 / sigma) - 1))), 0];
        using TextConditioning text = model.Condition(model.NativeReads(model.Encode(SmallModel.Prompt)));
        Tensor sample = model.InitialNoise(0, settings).to(ScalarType.Float64);
        for (int step = 0; step < 4; step++)
        {
            sample = sample.PlusScaled(model.Predict(sample, 1000 * levels[step], text), levels[step + 1] - levels[step]);
        }

        TensorAssert.Close(made.unsqueeze(0), sample, 1e-10);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16, 0.2)]
    [InlineData(ScalarType.Float16, 0.05)]
    public void In_half_precision_images_are_roughly_the_same(ScalarType dtype, double tolerance)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (string pipeline in new[] { Reference.SD3, Reference.Flux })
        {
            using TextToImageModel model = SmallFlow.Load(pipeline, dtype);
            Lens lens = new(model);
            using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
            LensSite own = new(model.LayerCount);
            Tensor pixels = Assert.Single(lens.Images(encoding, [own], [0], SmallFlow.Settings(pipeline))).Pixels;
            Tensor expected = Reference.Load(pipeline, "images", Reference.Double)["image"][0];
            Assert.InRange(expected.sub(pixels.to(ScalarType.Float64)).abs().mean().item<double>(), 1e-6, tolerance);
        }
    }

    [Fact]
    public void Either_the_encoders_or_the_denoiser_are_in_memory()
    {
        using DisposeScope scope = NewDisposeScope();
        ModelFolder folder = ModelFolder.Open(Reference.PathOf(Reference.SD3));
        StableDiffusion3Parts parts = new(folder, new LoadOptions(MaxSequenceLength: SmallFlow.Length), new SequenceLength(256, 512));
        using StableDiffusion3Pipeline model = new(DescriptionOf(folder.Path), parts);
        Assert.Equal((false, false), Loaded());
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        Assert.Equal((true, false), Loaded());
        lens.Images(encoding, [new LensSite(1)], [0], SmallFlow.Settings(Reference.SD3) with { Steps = 1 });
        Assert.Equal((false, true), Loaded());
        lens.Conditioning(encoding, new LensSite(2) { Pooled = SitePooled.Lens });
        Assert.Equal((false, true), Loaded());
        model.Encode("a cat");
        Assert.Equal((true, false), Loaded());

        (bool Encoders, bool Denoiser) Loaded()
            => (Assert.Single(parts.TextEncoders.Select(encoder => encoder.IsLoaded).Distinct()), parts.Transformer.IsLoaded);
    }

    [Fact]
    public void The_hash_of_a_model_covers_every_part_that_is_read()
    {
        string[] paths = [Reference.PathOf(Reference.Flux)];
        ModelIdentity identity = ModelFamily.Of(paths).Identity(paths, new LoadOptions(), new DigestCache());
        Assert.Equal(
            ["scheduler", "text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2", "transformer", "vae"], identity.Parts.Keys);
    }

    private static ModelDescription DescriptionOf(string folder) => ModelFamily.Of([folder]).Describe([folder]);

    /// <summary>FLUX whose transformer is told the scale of guidance.</summary>
    private static TemporaryFolder Dev()
    {
        TemporaryFolder folder = SmallFlow.Copy(Reference.Flux);
        Directory.Delete(folder["transformer"], recursive: true);
        Directory.Move(folder["transformer_with_guidance"], folder["transformer"]);
        return folder;
    }

    private sealed class Collected(List<SamplingProgress> calls) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => calls.Add(value);
    }
}
