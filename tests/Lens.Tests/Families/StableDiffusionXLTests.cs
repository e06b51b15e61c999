using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Tests.Pipelines;
using DiffusionLens.TextEncoders;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Families;

/// <summary>Stable Diffusion XL, against diffusers' own pipeline: text, images, lens images by encoder, layer and pooled vector.</summary>
public sealed class StableDiffusionXLTests
{
    private static readonly SamplerSettings Settings = new() { Scheduler = "euler", Steps = 5, Guidance = 5 };

    public static TheoryData<string> LensCases => [.. LensImages().EnumerateObject().Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Agreement.XL), MemberType = typeof(Agreement))]
    public void States_and_what_the_denoiser_gets_of_them_are_those_of_diffusers(string pipeline, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(pipeline, "text", agreement.Precision);
        TextToImageModel model = SmallModel.Load(pipeline, agreement.DType);
        string[] prompts = [SmallModel.Prompt, ""];
        foreach ((string prompt, long row) in prompts.Select((prompt, row) => (prompt, (long)row)))
        {
            EncodedText text = model.Encode(prompt);
            foreach ((EncoderStates encoder, string name) in text.Encoders.Zip(["text_encoder", "text_encoder_2"]))
            {
                Assert.Equal(expected[$"{name}.input_ids"][row].data<long>(), encoder.Tokens.Ids.Select(id => (long)id));
                for (int layer = 0; layer < encoder.States.Count; layer++)
                {
                    Same(encoder.States[layer], $"{name}.hidden_states.{layer}");
                }
            }

            // The first encoder's last block is read by nothing.
            Assert.Equal([3, 5], text.Encoders.Select(encoder => encoder.LayerCount));
            TextReads native = model.NativeReads(text);
            Same(model.Join(native), "prompt_embeds");
            Same(native.Pooled!, "pooled_prompt_embeds");
            Same(native.Pooled!, "text_encoder_2.text_embeds");

            void Same(Tensor ours, string name)
                => TensorAssert.Close(ours, expected[name].narrow(0, row, 1), agreement.Relative, $"{name} of '{prompt}'");
        }
    }

    [Fact]
    public void An_encoder_without_a_projection_pools_the_state_at_its_end_token()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.XL, "text");
        ClipTextModel encoder = Reference.TextEncoder(Reference.XL, ScalarType.Float64);
        Tensor ids = expected["text_encoder.input_ids"];
        Tensor last = encoder.Trace(ids).HiddenStates[^1];
        TensorAssert.Close(last, expected["text_encoder.hidden_states.4"], 1e-12);
        for (int row = 0; row < 2; row++)
        {
            Tensor normed = encoder.FinalNorm(last.narrow(0, row, 1));
            Tensor pooled = encoder.Pool(normed, [.. ids[row].data<long>().Select(id => (int)id)]);
            TensorAssert.Close(pooled, expected["text_encoder.pooler_output"].narrow(0, row, 1), 1e-12);
        }
    }

    [Fact]
    public void The_pooled_position_is_that_of_the_end_token_or_by_old_configs_of_the_largest_id()
    {
        using DisposeScope scope = NewDisposeScope();
        ClipTextConfig config = Reference.TextEncoder(Reference.XL, ScalarType.Float32).Config;
        Tensor state = arange(4, ScalarType.Float32).reshape(1, 4, 1).expand(1, 4, config.Width);
        Assert.Equal([1, 2, 0], new[] { 7, 2, 9 }.Select(end => PositionOf(config with { EndToken = end }, [5, 7, 8, 7])));

        float PositionOf(ClipTextConfig with, int[] ids)
            => new ClipTextModel(with, new Placement(ScalarType.Float32, CPU)).Pool(state, ids)[0, 0].item<float>();
    }

    [Theory]
    [MemberData(nameof(Agreement.XL), MemberType = typeof(Agreement))]
    public void Images_are_those_of_diffusers(string pipeline, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(pipeline, "images", agreement.Precision);
        TextToImageModel model = SmallModel.Load(pipeline, agreement.DType);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt), alone = lens.Encode(SmallModel.Prompt, negative: null);
        LensImage own = Assert.Single(lens.Images(encoding, [new LensSite(model.LayerCount)], [0], Settings));
        LensImage fromZeros = Assert.Single(lens.Images(alone, [new LensSite(model.LayerCount)], [0], Settings));
        (double latents, double pixels) = Tolerance(agreement);
        TensorAssert.Close(own.Latents, expected["trajectory"][-1], latents, "latents");
        Near(own.Pixels, expected["image"], pixels);
        TensorAssert.Close(fromZeros.Latents.unsqueeze(0), expected["no_negative_prompt.latents"], latents, "without a negative prompt");
        Near(fromZeros.Pixels, expected["no_negative_prompt.image"], pixels);
    }

    [Theory]
    [MemberData(nameof(LensCases))]
    public void Lens_images_of_every_encoder_layer_and_pooled_vector_are_those_of_diffusers(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.XL, "lens", Reference.Double);
        TextToImageModel model = SmallModel.Load(Reference.XL, ScalarType.Float64);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensSite site = SiteOf(name);
        TextReads shown = lens.Conditioning(encoding, site);
        if (expected.TryGetValue($"{name}.prompt_embeds", out Tensor? embeds))
        {
            TensorAssert.Close(model.Join(shown), embeds, 1e-11, "sequence");
        }

        TensorAssert.Close(shown.Pooled!, expected[$"{name}.pooled_prompt_embeds"], 1e-11, "pooled");
        JsonElement reads = LensImages().GetProperty(name).GetProperty("reads");
        Assert.Equal(
            reads.EnumerateObject().Select(read => read.Value.GetInt32()), model.Description.ReadsAt(site).Select(read => read.Layer));
        LensImage image = Assert.Single(lens.Images(encoding, [site], [0], Settings));
        TensorAssert.Close(image.Latents.unsqueeze(0), expected[$"{name}.latents"], 1e-10, "latents");
        Near(image.Pixels, expected[$"{name}.image"], 1e-10);
    }

    [Fact]
    public void At_the_deepest_layer_every_encoder_shows_the_models_own_image()
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load(Reference.XL, ScalarType.Float64));
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensSite[] sites =
        [
            new(4),
            new(3) { Encoder = SiteEncoder.Nth(1) },
            new(4) { Encoder = SiteEncoder.Nth(2) },
            new(5) { Encoder = SiteEncoder.Nth(2), Pooled = SitePooled.Lens },
        ];
        Tensor[] images = [.. sites.Select(site => Assert.Single(lens.Images(encoding, [site], [3], Settings)).Pixels)];
        Assert.All(images, image => Assert.Equal(images[0].data<double>(), image.data<double>()));
        using PromptEncoding other = lens.Encode("a green cat");
        Assert.NotEqual(images[0].data<double>(), Assert.Single(lens.Images(other, [sites[0]], [3], Settings)).Pixels.data<double>());
    }

    [Fact]
    public void The_denoiser_is_told_height_and_width_of_the_image_in_pixels()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.XL, "unet");
        TextToImageModel model = SmallModel.Load(Reference.XL, ScalarType.Float64);
        TextReads reads = model.NativeReads(model.Encode(SmallModel.Prompt));
        using TextConditioning conditioning = model.Condition(reads);
        Tensor sample = expected["wide.sample"], timestep = expected["wide.timestep"];

        UNet2DConditionModel unet = Reference.UNet(Reference.XL, ScalarType.Float64);
        Tensor sizes = tensor(new double[] { 16, 48, 0, 0, 16, 48 }).unsqueeze(0);
        Tensor told = unet.forward(
            sample, timestep, unet.ProjectText(model.Join(reads).expand(2, -1, -1)).With(unet.TimeShare(reads.Pooled!, sizes)));
        TensorAssert.Close(model.Predict(sample, timestep.ToDouble(), conditioning), told, 1e-12);
    }

    [Theory]
    [InlineData("EulerAncestralDiscreteScheduler", """{"timestep_spacing": "trailing"}""", "euler_ancestral", 1)]
    [InlineData("EulerDiscreteScheduler", """{"timestep_spacing": "trailing", "prediction_type": "epsilon"}""", "euler", 1)]
    [InlineData("LCMScheduler", "{}", "lcm", 4)]
    [InlineData("EulerDiscreteScheduler", """{"timestep_spacing": "leading"}""", null, null)]
    [InlineData("EulerDiscreteScheduler", """{"timestep_spacing": "trailing", "rescale_betas_zero_snr": true}""", null, null)]
    [InlineData("EulerDiscreteScheduler", """{"timestep_spacing": "trailing", "prediction_type": "v_prediction"}""", null, null)]
    [InlineData("DDIMScheduler", """{"timestep_spacing": "trailing"}""", null, null)]
    public void A_distilled_model_is_known_by_its_scheduler_and_wants_no_guidance(string kind, string config, string? sampler, int? steps)
    {
        using TemporaryFolder folder = new();
        string path = CopyOf(folder, kind, config);
        ModelDescription description = ModelFamily.Of([path]).Describe([path]);
        Assert.Equal(steps is { } count ? new OwnSampler(sampler!, count) : null, description.OwnSampler);
        Assert.Equal(steps is null ? 5 : 0, description.DefaultGuidance);
    }

    [Theory]
    [InlineData("EulerDiscreteScheduler", """{"timestep_spacing": "trailing"}""", true)]
    [InlineData("EulerDiscreteScheduler", """{"timestep_spacing": "leading"}""", false)]
    [InlineData("LCMScheduler", """{"timestep_spacing": "trailing"}""", false)]
    public void That_a_model_is_taken_for_a_Turbo_is_said_with_the_way_out(string kind, string config, bool isSaid)
    {
        using TemporaryFolder folder = new();
        string path = CopyOf(folder, kind, config);
        IReadOnlyList<string> told = ModelFamily.Inspect([path], variant: null).Assumptions;
        Assert.Equal(isSaid, told.Any(line => line.StartsWith("scheduler: taken for a Turbo", StringComparison.Ordinal)
            && line.EndsWith("if it is none, say so with --scheduler, --steps and --guidance", StringComparison.Ordinal)));
    }

    [Fact]
    public void One_step_without_guidance_asks_the_denoiser_once_at_the_last_training_step()
    {
        using TemporaryFolder folder = new();
        using DisposeScope scope = NewDisposeScope();
        string path = CopyOf(folder, "EulerDiscreteScheduler", """
            {"timestep_spacing": "trailing", "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}
            """);
        using TextToImageModel model = TextToImageModel.Load(path, new LoadOptions(ScalarType.Float64));
        OwnSampler own = model.Description.OwnSampler!;
        SamplerSettings settings = new() { Scheduler = own.Scheduler, Steps = own.Steps, Guidance = model.Description.DefaultGuidance };
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensImage image = Assert.Single(lens.Images(encoding, [new LensSite(model.LayerCount)], [0], settings));

        // x = σ z, x0 = x - σ ε(x / sqrt(σ² + 1), 999), of the last of the thousand noise levels.
        double kept = Enumerable.Range(0, 1000).Select(i => Math.Sqrt(0.00085) + (i / 999.0 * (Math.Sqrt(0.012) - Math.Sqrt(0.00085))))
            .Aggregate(1.0, (product, root) => product * (1 - (root * root)));
        double sigma = Math.Sqrt((1 - kept) / kept);
        Tensor start = model.InitialNoise(0, settings).to(ScalarType.Float64).Times(sigma);
        using TextConditioning text = model.Condition(model.NativeReads(model.Encode(SmallModel.Prompt)));
        Tensor noise = model.Predict(start.Times(1 / Math.Sqrt((sigma * sigma) + 1)), 999, text);
        TensorAssert.Close(image.Latents.unsqueeze(0), start.PlusScaled(noise, -sigma), 1e-9);
    }

    [Theory]
    [InlineData("unet", "addition_embed_type", "null", "the unet reads no pooled text, as one of Stable Diffusion XL does")]
    [InlineData("unet", "projection_class_embeddings_input_dim", "96", "reads pooled text of width 48, the text encoder writes 40")]
    [InlineData("unet", "addition_time_embed_dim", "0", "addition_time_embed_dim is 0; it must be a whole number, 1 to")]
    [InlineData("unet", "transformer_layers_per_block", "[1]", "transformer_layers_per_block (1)")]
    [InlineData("unet", "transformer_layers_per_block", "[1, -2]", "transformer_layers_per_block is -2; it must be a whole number")]
    [InlineData("unet", "cross_attention_dim", "48", "the unet reads text of width 48, the text encoders write 80")]
    [InlineData("unet", "transformer_layers_per_block", "3", "transformer_layers_per_block is 3; by the weights it must be")]
    [InlineData("text_encoder_2", "projection_dim", "32", "reads pooled text of width 40, the text encoder writes 32")]
    public void Parts_that_do_not_fit_each_other_are_refused_with_the_reason(string part, string key, string value, string error)
    {
        using TemporaryFolder folder = new();
        string path = CopyOf(folder, "EulerDiscreteScheduler", "{}"), file = Path.Combine(path, part, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(file, config.ToJsonString());
        BadInputException refusal = Assert.Throws<BadInputException>(() => TextToImageModel.Load(path));
        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary><c>encoder2.layer4.pooled_lens</c>, <c>all.layer3</c>, <c>encoder1.layer2.other_empty</c>.</summary>
    private static LensSite SiteOf(string name)
    {
        string[] parts = name.Split('.');
        return new(int.Parse(parts[1]["layer".Length..], null))
        {
            Encoder = parts[0] == "all" ? SiteEncoder.All : SiteEncoder.Nth(int.Parse(parts[0]["encoder".Length..], null)),
            Others = parts.Contains("other_empty") ? SiteOthers.Empty : SiteOthers.Native,
            Pooled = parts.Contains("pooled_empty") ? SitePooled.Empty
                : parts.Contains("pooled_lens") ? SitePooled.Lens : SitePooled.Native,
        };
    }

    [Theory]
    [InlineData(Reference.XL)]
    [InlineData(Reference.SD3)]
    public void CLIPs_that_read_different_numbers_of_tokens_are_refused(string pipeline)
    {
        using TemporaryFolder folder = SmallFlow.Copy(pipeline);
        SmallCascade.Change(folder, "tokenizer_2/tokenizer_config.json", "model_max_length", "60");
        Assert.Equal(
            $"{folder.Path}: parts do not fit: the CLIPs read 77 and 60 tokens, which cannot be joined by channel",
            Assert.Throws<BadInputException>(() => TextToImageModel.Load(folder.Path)).Message);
    }

    /// <summary>The small model with another scheduler.</summary>
    private static string CopyOf(TemporaryFolder folder, string scheduler, string config)
    {
        string from = Reference.PathOf(Reference.XL), to = folder["model"];
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("expected", StringComparison.Ordinal)))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        string index = Path.Combine(to, "model_index.json");
        File.WriteAllText(index, File.ReadAllText(index).Replace("EulerDiscreteScheduler", scheduler, StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(to, "scheduler", "scheduler_config.json"), config);
        return to;
    }

    private static JsonElement LensImages()
        => ConfigFile.ReadObject(Reference.PathOf(Reference.XL, Reference.AsTheyAre, "lens.json")).GetProperty("cases");

    private static void Near(Tensor ours, Tensor expected, double pixels)
        => Assert.InRange(expected.sub(ours.unsqueeze(0).to(ScalarType.Float64)).abs().max().item<double>(), 0, pixels);

    private static (double Latents, double Pixels) Tolerance(Agreement agreement)
        => agreement.DType == ScalarType.Float32 ? (1e-4, 1e-4) : agreement.Precision == Reference.Double ? (1e-11, 1e-11) : (2e-5, 1e-5);
}
