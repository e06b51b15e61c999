using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Tests.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Families;

/// <summary>What PixArt tells of itself, and which folders it takes.</summary>
public sealed class PixArtFamilyTests : IDisposable
{
    private readonly TemporaryFolder _alpha = SmallPixArt.Alpha();

    public void Dispose() => _alpha.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_the_last_layer_the_image_is_the_models_own_bit_for_bit_and_above_it_another(bool isAlpha)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model
            = isAlpha ? SmallPixArt.LoadAlpha(_alpha, ScalarType.Float32) : SmallPixArt.Load(ScalarType.Float32);
        Lens lens = new(model);
        SamplerSettings settings = SmallPixArt.Settings with { Steps = 2 };
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        Tensor own = Assert.Single(lens.Images(encoding, model.NativeReads(model.Encode(SmallModel.Prompt)), [7], settings));
        Tensor Lensed(int layer) => Assert.Single(lens.Images(encoding, [new LensSite(layer)], [7], settings)).Pixels;
        Assert.True(own.equal(Lensed(model.LayerCount)).all().item<bool>());
        Assert.False(own.equal(Lensed(model.LayerCount - 1)).all().item<bool>());
    }

    [Theory]
    [InlineData(false, "PixArt-Sigma", 300)]
    [InlineData(true, "PixArt-Alpha", 120)]
    public void What_is_told_without_loading_is_what_the_loaded_model_tells(bool isAlpha, string family, int length)
    {
        string folder = isAlpha ? _alpha.Path : Reference.PathOf(Reference.PixArt);
        ModelDescription told = ModelFamily.Of([folder]).Describe([folder]);
        using TextToImageModel model = isAlpha ? SmallPixArt.LoadAlpha(_alpha) : SmallPixArt.Load();
        Assert.Equivalent(model.Description, told, strict: true);
        Assert.Equal((family, length, 5, 4.5), (told.Family, told.SequenceLength!.Default, told.LayerCount, told.DefaultGuidance));
        Assert.Equal(EncoderMask.Padding, Assert.Single(told.Encoders).Mask);
        EncoderRead read = Assert.Single(told.Reads);
        Assert.True(read is { Normed: true, Positions: ReadPositions.All } && told.MasksPadding);
    }

    [Theory]
    [InlineData(false, "LCMScheduler", "lcm")]
    [InlineData(true, "LCMScheduler", "lcm")]
    [InlineData(true, "TCDScheduler", "tcd")]
    [InlineData(true, "EulerDiscreteScheduler", null)]
    public void A_consistency_model_is_known_by_its_scheduler_and_wants_no_guidance(bool isAlpha, string kind, string? sampler)
    {
        using TemporaryFolder folder = isAlpha ? SmallPixArt.Alpha() : SmallFlow.Copy(Reference.PixArt);
        SmallCascade.Change(folder, "model_index.json", "scheduler", $"""["diffusers", "{kind}"]""");
        File.WriteAllText(folder["scheduler/scheduler_config.json"], """{"timestep_spacing": "trailing"}""");
        ModelDescription told = ModelFamily.Of([folder.Path]).Describe([folder.Path]);
        Assert.Equal(sampler is null ? null : new OwnSampler(sampler, 4), told.OwnSampler);
        Assert.Equal(sampler is null ? 4.5 : 0, told.DefaultGuidance);
        Assert.Null(told.SamplerDoubt);
    }

    [Fact]
    public void A_consistency_model_is_asked_once_a_step()
    {
        using DisposeScope scope = NewDisposeScope();
        SmallCascade.Change(_alpha, "model_index.json", "scheduler", """["diffusers", "LCMScheduler"]""");
        using TextToImageModel model = SmallPixArt.LoadAlpha(_alpha);
        OwnSampler own = model.Description.OwnSampler!;
        SamplerSettings settings = SmallPixArt.Settings with
        {
            Scheduler = own.Scheduler,
            Steps = own.Steps,
            Guidance = model.Description.DefaultGuidance,
        };
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        Assert.Equal(4, model.Calls(1, settings));
        Tensor pixels = Assert.Single(lens.Images(encoding, [new LensSite(model.LayerCount)], [0], settings)).Pixels;
        Assert.True(pixels.isfinite().all().item<bool>());
    }

    [Fact]
    public void States_of_the_callers_own_are_masked_as_the_prompt_is_unless_they_say_otherwise()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallPixArt.Load(ScalarType.Float32);
        Lens lens = new(model);
        SamplerSettings settings = SmallPixArt.Settings with { Steps = 1 };
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        TextReads own = model.NativeReads(model.Encode(SmallModel.Prompt));
        ReadRows rows = Assert.Single(own.Rows!), allSeen = rows with { Written = [.. rows.Written.Select(_ => true)] };
        Assert.True(Image(own).equal(Image(own with { Rows = null })).all().item<bool>());
        Assert.False(Image(own).equal(Image(own with { Rows = [allSeen] })).all().item<bool>());

        Tensor Image(TextReads reads) => Assert.Single(lens.Images(encoding, reads, [7], settings));
    }

    [Fact]
    public void Rows_that_are_left_out_are_rows_that_are_not_seen_whatever_else_is_in_the_batch()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallPixArt.Load();
        Lens lens = new(model);
        SamplerSettings settings = SmallPixArt.Settings with { Steps = 2 };
        LensSite native = new(model.LayerCount), words = native with { Tokens = SiteTokens.Prompt, Rest = SiteRest.Dropped };
        using PromptEncoding encoding = lens.Encode([SmallModel.Prompt], [native, words])[0];
        TextReads own = lens.Conditioning(encoding, native), kept = lens.Conditioning(encoding, words);
        ReadRows rows = Assert.Single(own.Rows!);
        HashSet<int> shown = [.. Assert.Single(kept.Rows!).Positions];
        Assert.Equal(kept.States[0].shape[1], shown.Count);
        TextReads masked = own with { Rows = [rows with { Written = [.. rows.Positions.Select(shown.Contains)] }] };
        IReadOnlyList<LensImage> made = lens.Images(encoding, [native, words], [7], settings);
        TensorAssert.Close(made[1].Pixels, Assert.Single(lens.Images(encoding, masked, [7], settings)), 1e-12);
        TensorAssert.Close(made[0].Pixels, Assert.Single(lens.Images(encoding, own, [7], settings)), 1e-12);
        Assert.True(TensorAssert.RelativeError(made[1].Pixels, made[0].Pixels) > 1e-3);
    }

    [Fact]
    public void Where_nothing_but_hidden_rows_is_left_they_are_seen_alike()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallPixArt.Load();
        Lens lens = new(model);
        SamplerSettings settings = SmallPixArt.Settings with { Steps = 1 };
        LensSite padding = new(model.LayerCount) { Tokens = SiteTokens.Padding, Rest = SiteRest.Dropped };
        using PromptEncoding encoding = lens.Encode([SmallModel.Prompt], [padding])[0];
        TextReads left = lens.Conditioning(encoding, padding);
        ReadRows rows = Assert.Single(left.Rows!);
        Assert.DoesNotContain(true, rows.Written);
        TextReads seen = left with { Rows = [rows with { Written = [.. rows.Written.Select(_ => true)] }] };
        Tensor hidden = Assert.Single(lens.Images(encoding, left, [7], settings));
        TensorAssert.Close(hidden, Assert.Single(lens.Images(encoding, seen, [7], settings)), 1e-8);
    }

    [Fact]
    public void A_word_is_looked_for_in_as_many_tokens_as_are_read()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallPixArt.Load(ScalarType.Float32);
        Lens lens = new(model);
        string prompt = string.Join(' ', Enumerable.Repeat("red", SmallPixArt.Length)) + " dog";
        LensSite dog = new(model.LayerCount) { Tokens = SiteTokens.Word("dog"), Rest = SiteRest.Zero };
        TextHandling longer = new() { Length = TextLength.Of(8 * SmallPixArt.Length) };
        ImageKey image = new(prompt, dog, 7) { Handling = longer };
        using PromptEncoding encoding = Assert.Single(lens.Encode([image]));
        Tensor rows = Assert.Single(lens.Conditioning(encoding, dog, longer).States);
        Assert.True(rows.count_nonzero().item<long>() > 0);
        BadInputException refused = Assert.Throws<BadInputException>(() => lens.Encode([image with { Handling = TextHandling.Native }]));
        Assert.Contains("is in the part that is cut off", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("interpolation_scale", "null", 1)]
    [InlineData("sample_size", "256", 4)]
    [InlineData("interpolation_scale", "1.5", 1.5)]
    public void What_positions_are_divided_by_is_the_files_or_follows_from_the_side(string key, string value, double scale)
    {
        SmallCascade.Change(_alpha, "transformer/config.json", "sample_size", "64");
        SmallCascade.Change(_alpha, "transformer/config.json", key, value);
        string path = _alpha["transformer/config.json"];
        PixArtTransformerConfig config = PixArtTransformerConfig.Parse(ConfigFile.ReadObject(path), path);
        Assert.Equal((scale, false), (config.PositionScale, config.ReadsSize));
    }

    [Theory]
    [InlineData("transformer/config.json", "norm_type", "\"layer_norm\"", "norm_type is \"layer_norm\", which is not supported")]
    [InlineData("transformer/config.json", "caption_channels", "64", "the transformer reads text of width 64, the text encoder has 48")]
    [InlineData("transformer/config.json", "caption_channels", "null", "has no caption_channels")]
    [InlineData("transformer/config.json", "cross_attention_dim", "64", "cross_attention_dim is 64; it must be num_attention_heads times")]
    [InlineData("transformer/config.json", "out_channels", "6", "out_channels is 6; it must be 4, as many as in_channels, or twice")]
    [InlineData("transformer/config.json", "norm_eps", "0.001", "norm_eps is 0.001, which is not supported; supported: 1E-06")]
    [InlineData("transformer/config.json", "interpolation_scale", "0", "interpolation_scale is 0; it must be a number above 0")]
    [InlineData(
        "model_index.json",
        "transformer",
        """["diffusers", "SD3Transformer2DModel"]""",
        "transformer is a SD3Transformer2DModel; supported: PixArtTransformer2DModel, Transformer2DModel")]
    public void A_folder_that_is_not_right_is_refused_with_the_reason(string file, string key, string value, string error)
    {
        SmallCascade.Change(_alpha, file, key, value);
        Assert.Contains(
            error, Assert.Throws<BadInputException>(() => SmallPixArt.LoadAlpha(_alpha)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, 32, "height is 30; this model makes images whose sides are multiples of 4")]
    [InlineData(32, 34, "width is 34")]
    public void Sides_that_it_cannot_make_are_refused(int height, int width, string error)
    {
        using TextToImageModel model = SmallPixArt.Load();
        SamplerSettings settings = SmallPixArt.Settings with { Height = height, Width = width };
        Assert.Contains(error, Assert.Throws<BadInputException>(() => model.Calls(1, settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_own_size_is_that_of_its_config()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallPixArt.Load();
        Assert.Equal([1, 4, 128, 128], model.InitialNoise(0, new SamplerSettings()).shape);
    }
}
