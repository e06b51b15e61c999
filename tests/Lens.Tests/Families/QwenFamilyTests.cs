using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Tests.Pipelines;
using DiffusionLens.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Families;

/// <summary>What FLUX.2 klein and Z-Image tell of themselves, and hold in memory.</summary>
public sealed class QwenFamilyTests
{
    [Theory]
    [InlineData("klein")]
    [InlineData("zimage")]
    public void At_the_deepest_layer_the_image_is_the_models_own_bit_for_bit_and_above_it_another(string pipeline)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwen.Load(pipeline, ScalarType.Float32);
        Lens lens = new(model);
        SamplerSettings settings = SmallQwen.Settings(pipeline) with { Steps = 2 };
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        Tensor own = Assert.Single(lens.Images(encoding, model.NativeReads(model.Encode(SmallModel.Prompt)), [7], settings));
        Tensor Lensed(int layer) => Assert.Single(lens.Images(encoding, [new LensSite(layer)], [7], settings)).Pixels;
        Assert.True(own.equal(Lensed(model.LayerCount)).all().item<bool>());
        Assert.False(own.equal(Lensed(model.LayerCount - 1)).all().item<bool>());
    }

    [Theory]
    [InlineData("klein", 27, 30)]
    [InlineData("zimage", 5, 6)]
    public void What_is_told_without_loading_is_what_the_loaded_model_tells(string pipeline, int deepest, int blocks)
    {
        string folder = Reference.PathOf(pipeline);
        ModelDescription told = ModelFamily.Of([folder]).Describe([folder]);
        using TextToImageModel model = SmallQwen.Load(pipeline);
        Assert.Equivalent(model.Description, told, strict: true);
        Assert.Equal((deepest, blocks), (told.LayerCount, Assert.Single(told.Encoders).LayerCount));
        Assert.Equal("flow_match_euler", told.OwnSampler!.Scheduler);
        Assert.All(told.Reads, read => Assert.False(read.Normed));
    }

    [Theory]
    [InlineData("klein", true)]
    [InlineData("zimage", false)]
    public void Its_tokenizer_is_the_pipelines_without_loading_anything_and_says_what_is_cut_off(string pipeline, bool pads)
    {
        string folder = Reference.PathOf(pipeline);
        PromptTokenizer tokenizer = Assert.Single(ModelFamily.Of([folder]).Tokenizers([folder], new LoadOptions(MaxSequenceLength: 40)));
        TokenizedPrompt fits = tokenizer.Encode(SmallModel.Prompt);
        TokenizedPrompt cut = tokenizer.Encode(string.Concat(Enumerable.Repeat("a red cat, ", 20)));
        Assert.Null(fits.Cut);
        Assert.Equal(pads, fits.Ids.Count == 40);
        Assert.Equal(40, cut.Ids.Count);
        Assert.Equal(37, cut.Cut!.Read);
        Assert.EndsWith("a red cat,", cut.Cut.Unread, StringComparison.Ordinal);
        Assert.DoesNotContain("assistant", cut.Cut.Unread, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("klein")]
    [InlineData("zimage")]
    public void A_length_of_one_token_reads_the_first_of_the_template_and_has_its_image(string pipeline)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = TextToImageModel.Load(Reference.PathOf(pipeline), new LoadOptions(MaxSequenceLength: 1));
        TokenizedPrompt tokens = Assert.Single(model.Encode(SmallModel.Prompt).Encoders).Tokens;
        Assert.Equal(("<|im_start|>", 0), (Assert.Single(tokens.Pieces), tokens.Cut!.Read));
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        SamplerSettings settings = SmallQwen.Settings(pipeline) with { Steps = 1 };
        LensImage image = Assert.Single(lens.Images(encoding, [new LensSite(model.LayerCount)], [0], settings));
        Assert.True(image.Pixels.isfinite().all().item<bool>());
    }

    [Fact]
    public void Which_blocks_are_read_is_part_of_the_identity_of_the_encoder_alone()
    {
        string folder = Reference.PathOf("klein");
        using TemporaryFolder copy = SmallQwen.Copy("klein");
        ModelIdentity before = ModelFamily.Of([folder]).Identity([folder], new LoadOptions(), new());
        SmallCascade.Change(copy, "text_encoder/config.json", "text_encoder_out_layers", "[9, 18, 26]");
        ModelIdentity after = ModelFamily.Of([copy.Path]).Identity([copy.Path], new LoadOptions(), new());
        Assert.Equal(["text_encoder"], before.Parts.Where(part => after.Parts[part.Key] != part.Value).Select(part => part.Key));
    }
}
