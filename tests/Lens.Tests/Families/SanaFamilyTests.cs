using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Tests.Pipelines;
using DiffusionLens.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Families;

/// <summary>What SANA tells of itself, and its sites.</summary>
public sealed class SanaFamilyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void At_the_deepest_layer_the_image_is_the_models_own_bit_for_bit_and_above_it_another(bool hasInstruction)
    {
        using DisposeScope scope = NewDisposeScope();
        LoadOptions options = SmallSana.Options(ScalarType.Float32);
        using TextToImageModel model = SmallSana.Load(hasInstruction ? options : options with { Instruction = null });
        Lens lens = new(model);
        SamplerSettings settings = SmallSana.Settings with { Steps = 2 };
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        Tensor own = Assert.Single(lens.Images(encoding, model.NativeReads(model.Encode(SmallModel.Prompt)), [7], settings));
        Tensor Lensed(int layer) => Assert.Single(lens.Images(encoding, [new LensSite(layer)], [7], settings)).Pixels;
        Assert.True(own.equal(Lensed(model.LayerCount)).all().item<bool>());
        Assert.False(own.equal(Lensed(model.LayerCount - 1)).all().item<bool>());
    }

    [Fact]
    public void What_is_told_without_loading_is_what_the_loaded_model_tells()
    {
        string folder = Reference.PathOf(SmallSana.Name);
        ModelDescription told = ModelFamily.Of([folder]).Describe([folder]);
        using TextToImageModel model = SmallSana.Load();
        Assert.Equivalent(model.Description, told, strict: true);
        Assert.Equal((6, 4.5, 1.5), (told.LayerCount, told.DefaultGuidance, told.SoftCap));
        Assert.Equal(new OwnSampler("dpmsolver++", 20), told.OwnSampler);
        Assert.True(Assert.Single(told.Reads).Normed);
        Assert.True(told.MasksPadding);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_length_holds_for_the_negative_prompt_too(bool hasNegative)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallSana.Load(), loaded = SmallSana.Load(SmallSana.Options() with { MaxSequenceLength = 3 });
        LensSite native = new(model.LayerCount);
        TextHandling seen = new() { DenoiserMask = TextMask.Off }, three = seen with { Length = TextLength.Of(3) };
        Assert.True(Image(model, three).equal(Image(loaded, seen)).all().item<bool>());
        Assert.Equal(
            "length is 1; this model takes 2 to 512",
            Assert.Throws<BadInputException>(() => Image(model, new TextHandling { Length = TextLength.Of(1) })).Message);

        Tensor Image(TextToImageModel with, TextHandling handling)
        {
            Lens lens = new(with);
            ImageKey image = new(SmallModel.Prompt, native, 7) { Handling = handling };
            using PromptEncoding encoding = Assert.Single(lens.Encode([image], hasNegative ? "a blue square, blurred" : null));
            return Assert.Single(lens.Images([new PromptBatch(encoding, [image])], SmallSana.Settings with { Steps = 1 })).Pixels;
        }
    }

    [Fact]
    public void An_instruction_is_named_the_pipelines_own_or_another_by_its_hash()
    {
        string folder = Reference.PathOf(SmallSana.Name);
        PipelineInstruction own = ModelFamily.Of([folder]).Describe([folder]).Instruction!;
        Assert.Equal("the pipeline's own instruction", own.NameOf(TestInstruction.Pipelines));
        Assert.Equal("another instruction", own.NameOf(TestInstruction.Own));
        Assert.Equal("no instruction: prompts in the plain form", own.NameOf(null));
    }

    [Theory]
    [InlineData("x: \r\ny", "x: \ny")]
    [InlineData("x\ny \n", "x\ny ")]
    public void A_file_of_an_instruction_loses_the_line_end_that_editors_put_there(string content, string text)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["instruction.txt"], content);
        Assert.Equal(text, PipelineInstruction.Read(folder["instruction.txt"]));
    }

    [Fact]
    public void An_empty_file_is_no_instruction()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["instruction.txt"], "\n");
        Assert.Contains(
            "is empty",
            Assert.Throws<BadInputException>(() => PipelineInstruction.Read(folder["instruction.txt"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Models_that_have_no_such_choice_refuse_an_instruction_and_soft_capping()
    {
        string folder = Reference.PathOf("zimage");
        Assert.Contains("an instruction is given", Refused(new LoadOptions { Instruction = "x" }), StringComparison.Ordinal);
        Assert.Contains("soft-capping is on", Refused(new LoadOptions { SoftCapping = true }), StringComparison.Ordinal);

        string Refused(LoadOptions options) => Assert.Throws<BadInputException>(() => TextToImageModel.Load(folder, options)).Message;
    }

    [Theory]
    [InlineData(null)]
    [InlineData("instruction")]
    public void Its_tokenizer_is_the_pipelines_without_loading_anything(string? instruction)
    {
        string folder = Reference.PathOf(SmallSana.Name), text = instruction is null ? "" : TestInstruction.Pipelines;
        LoadOptions options = SmallSana.Options() with { Instruction = instruction is null ? null : text };
        PromptTokenizer tokenizer = Assert.Single(ModelFamily.Of([folder]).Tokenizers([folder], options));
        using TextToImageModel model = SmallSana.Load(options);
        Assert.Equal(model.Tokenize("8 Cats")[0].Ids, tokenizer.Encode("8 Cats").Ids);
        Assert.Equal(instruction is not null, tokenizer.Encode("8 Cats").Row is not null);
    }

    [Fact]
    public void A_length_that_leaves_no_room_for_a_prompt_is_refused()
        => Assert.Contains(
            "this model takes 2 to 512",
            Assert.Throws<BadInputException>(() => SmallSana.Load(SmallSana.Options() with { MaxSequenceLength = 1 })).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("prompt", SiteRest.Empty)]
    [InlineData("word: red", SiteRest.Zero)]
    [InlineData("prompt", SiteRest.Dropped)]
    [InlineData("padding", SiteRest.Empty)]
    public void Sites_of_positions_show_the_prompts_rows_there(string tokens, SiteRest rest)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallSana.Load();
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        SiteTokens set = tokens switch
        {
            "prompt" => SiteTokens.Prompt,
            "padding" => SiteTokens.Padding,
            _ => SiteTokens.Word("red"),
        };
        LensSite site = new(3) { Tokens = set, Rest = rest };
        Tensor native = lens.Conditioning(encoding, new LensSite(3)).States[0], shown = lens.Conditioning(encoding, site).States[0];
        long[] positions = [.. encoding.Encoders[0].Tokens.PositionsOf(set).Select(position => (long)position)];
        Assert.NotEmpty(positions);
        Tensor rows = rest == SiteRest.Dropped ? shown : shown.index_select(1, tensor(positions));
        Assert.True(rows.equal(native.index_select(1, tensor(positions))).all().item<bool>());
        Assert.Equal(rest == SiteRest.Dropped, shown.shape[1] != native.shape[1]);
        LensImage image = Assert.Single(lens.Images(encoding, [site], [0], SmallSana.Settings with { Steps = 2 }));
        Assert.True(image.Pixels.isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData(SitePoint.Attention)]
    [InlineData(SitePoint.AttentionOut)]
    [InlineData(SitePoint.MlpOut)]
    public void Points_of_a_block_add_up_to_its_output(SitePoint point)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallSana.Load();
        Tensor At(SitePoint looked, int layer)
            => model.Encode(SmallModel.Prompt, EncoderRun.Native with { Point = looked }).Encoders[0].States[layer];
        Tensor sum = point switch
        {
            SitePoint.AttentionOut => At(SitePoint.Block, 2).add(At(SitePoint.AttentionOut, 3)).add(At(SitePoint.MlpOut, 3)),
            _ => At(SitePoint.Attention, 3).add(At(SitePoint.MlpOut, 3)),
        };
        TensorAssert.Close(sum, At(SitePoint.Block, 3), 1e-12);
    }
}
