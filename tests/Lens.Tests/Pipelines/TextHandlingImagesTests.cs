using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>Images whose texts are handled otherwise than the model's own pipeline does.</summary>
public sealed class TextHandlingImagesTests
{
    private static readonly TextHandling Cut = new() { PaddingRows = PaddingRows.Cut };

    private static readonly SamplerSettings Quick = new() { Steps = 2, Guidance = 5 };

    [Theory]
    [InlineData("sd1")]
    [InlineData(Reference.XL)]
    [InlineData(Reference.StageI)]
    public void In_a_UNet_texts_of_any_number_of_rows_stand_in_one_batch(string pipeline)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = TextToImageModel.Load(Reference.PathOf(pipeline), new LoadOptions(ScalarType.Float64));
        Lens lens = new(model);
        LensSite own = new(model.LayerCount);
        TextHandling[] handlings = [TextHandling.Native, Cut, new() { Length = TextLength.Fit }, new() { Length = TextLength.Of(20) }];
        ImageKey[] keys = [.. handlings.Select(how => new ImageKey(SmallModel.Prompt, own, 0) { Handling = how })];
        SamplerSettings settings = pipeline == Reference.StageI ? Quick with { SuperResolution = null } : Quick;
        using PromptEncoding encoding = Assert.Single(lens.Encode(keys));
        IReadOnlyList<LensImage> together = lens.Images([new PromptBatch(encoding, keys)], settings);
        foreach (LensImage made in together)
        {
            LensImage alone = Assert.Single(lens.Images([new PromptBatch(encoding, [made.Key])], settings));
            TensorAssert.Close(made.Latents, alone.Latents, 1e-12);
            bool isNative = made.Latents.sub(together[0].Latents).abs().max().item<double>() < 1e-9;
            Assert.Equal(made.Key.Handling.IsNative, isNative);
        }
    }

    [Fact]
    public void The_models_own_length_changes_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float64));
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        Tensor own = Assert.Single(lens.Conditioning(encoding, new LensSite(5)).States);
        Tensor same = Assert.Single(lens.Conditioning(encoding, new LensSite(5), new() { Length = TextLength.Of(77) }).States);
        Assert.True(own.equal(same).all().item<bool>());
    }

    [Fact]
    public void A_causal_encoders_rows_do_not_depend_on_the_length_and_both_sides_have_it()
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float64));
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        Tensor own = Assert.Single(lens.Conditioning(encoding, new LensSite(5)).States);
        Tensor fit = Assert.Single(lens.Conditioning(encoding, new LensSite(5), new() { Length = TextLength.Fit }).States);
        Assert.Equal(encoding.Encoders[0].Tokens.Mask.Sum(), (int)fit.shape[1]);
        TensorAssert.Close(fit, own.narrow(1, 0, fit.shape[1]), 1e-12);
        BadInputException error = Assert.Throws<BadInputException>(
            () => lens.Conditioning(encoding, new LensSite(5), new() { Length = TextLength.Of(78) }));
        Assert.Equal("length is 78; this model takes 2 to 77", error.Message);
    }

    [Fact]
    public void Rows_that_stand_side_by_side_are_cut_together_or_not_at_all()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallFlow.Load(Reference.SD3);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensSite own = new(model.LayerCount);
        Assert.True(model.Join(lens.Conditioning(encoding, own with { Encoder = SiteEncoder.Nth(3) }, Cut)).shape[1] > 77);
        BadInputException error = Assert.Throws<BadInputException>(
            () => model.Join(lens.Conditioning(encoding, new LensSite(1) { Encoder = SiteEncoder.Nth(1) }, Cut)));
        Assert.Contains("cannot stand side by side", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Reference.SD3)]
    [InlineData(Reference.Flux)]
    public void A_masked_row_of_a_joint_transformer_is_as_good_as_cut_where_nothing_else_tells_of_it(string pipeline)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallFlow.Load(pipeline);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensSite own = new(model.LayerCount);
        SamplerSettings settings = SmallFlow.Settings(pipeline) with { Steps = 1, Guidance = 0 };
        Tensor masked = Made(new TextHandling { DenoiserMask = TextMask.On }), cut = Made(Cut), native = Made(TextHandling.Native);
        TensorAssert.Close(masked, cut, 1e-9);
        Assert.True(cut.sub(native).abs().max().item<double>() > 1e-6);

        Tensor Made(TextHandling handling)
            => Assert.Single(lens.Images(
                [new PromptBatch(encoding, [new(SmallModel.Prompt, own, 0) { Handling = handling }])], settings)).Latents;
    }
}
