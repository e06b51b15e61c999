using System.Text;
using System.Text.Json.Nodes;
using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Tests.Pipelines;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Families;

/// <summary>What Qwen-Image tells of itself, and holds in memory.</summary>
public sealed class QwenImageFamilyTests : IDisposable
{
    private readonly TemporaryFolder _folder = SmallQwen.Copy(SmallQwenImage.Folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void At_the_deepest_layer_the_image_is_the_models_own_bit_for_bit_and_below_it_another()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwenImage.Load(ScalarType.Float32);
        Lens lens = new(model);
        SamplerSettings settings = SmallQwenImage.Settings with { Steps = 2 };
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        Tensor own = Assert.Single(lens.Images(encoding, model.NativeReads(model.Encode(SmallModel.Prompt)), [7], settings));
        Tensor Lensed(int layer) => Assert.Single(lens.Images(encoding, [new LensSite(layer)], [7], settings)).Pixels;
        Assert.True(own.equal(Lensed(model.LayerCount)).all().item<bool>());
        Assert.False(own.equal(Lensed(model.LayerCount - 1)).all().item<bool>());
    }

    [Fact]
    public void What_is_told_without_loading_is_what_the_loaded_model_tells()
    {
        string folder = Reference.PathOf(SmallQwenImage.Folder);
        ModelDescription told = ModelFamily.Of([folder]).Describe([folder]);
        using TextToImageModel model = SmallQwenImage.Load();
        Assert.Equivalent(model.Description, told, strict: true);
        Assert.Equal([new EncoderRead(0, 5, Normed: true, ReadPositions.Kept)], told.Reads);
        Assert.Equal((EncoderKind.Qwen25VL, 5), (told.Encoders[0].Kind, told.Encoders[0].LayerCount));
        Assert.Equal((new OwnSampler("flow_match_euler", 50), 4.0), (told.OwnSampler, told.DefaultGuidance));
    }

    [Fact]
    public void Its_tokenizer_is_the_pipelines_without_loading_anything_and_says_what_is_cut_off()
    {
        string folder = Reference.PathOf(SmallQwenImage.Folder);
        PromptTokenizer tokenizer = Assert.Single(ModelFamily.Of([folder]).Tokenizers([folder], new LoadOptions(MaxSequenceLength: 9)));
        TokenizedPrompt cut = tokenizer.Encode("a red circle and a blue square, and a green one");
        Assert.Equal((43, 9, 9), (cut.Ids.Count, cut.Kept!.Count, cut.Cut!.Read));
        Assert.EndsWith("green one", cut.Cut.Unread, StringComparison.Ordinal);
        Assert.Null(tokenizer.Encode("").Cut);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1025)]
    public void A_number_of_rows_that_the_pipeline_does_not_take_is_refused(int length)
        => Assert.Contains(
            $"max sequence length is {length}; this model takes 1 to 1024",
            Assert.Throws<BadInputException>(() => SmallQwenImage.Load(length: length)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Without_a_negative_prompt_there_is_no_guidance_and_the_empty_one_is_one()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwenImage.Load();
        Tensor none = SmallQwenImage.Own(model, negative: null).Pixels;
        Tensor once = SmallQwenImage.Own(model, settings: SmallQwenImage.Settings with { Guidance = 1 }).Pixels;
        Assert.True(none.equal(once).all().item<bool>());
        Assert.False(none.equal(SmallQwenImage.Own(model).Pixels).all().item<bool>());
    }

    [Fact]
    public void A_token_that_is_encoded_and_then_dropped_cannot_be_shown()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwenImage.Load();
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensSite dropped = new(2) { Tokens = SiteTokens.Token(33), Rest = SiteRest.Native };
        BadInputException refused = Assert.Throws<BadInputException>(() => lens.Conditioning(encoding, dropped));
        Assert.Contains("token 33", refused.Message, StringComparison.Ordinal);
        Assert.Contains("it gets 34 to 45", refused.Message, StringComparison.Ordinal);
        Tensor own = model.Join(model.NativeReads(encoding.Text)), shown = model.Join(lens.Conditioning(encoding, dropped with
        {
            Tokens = SiteTokens.Token(34),
        }));
        Assert.Equal([0], Enumerable.Range(0, 12).Where(row => !own[0, row].equal(shown[0, row]).all().item<bool>()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(600)]
    public void A_length_counts_what_is_kept_as_when_the_model_is_loaded_with_it(int length)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwenImage.Load(), loaded = SmallQwenImage.Load(length: length);
        Lens lens = new(model), own = new(loaded);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt), expected = own.Encode(SmallModel.Prompt);
        LensSite site = new(model.LayerCount);
        Tensor shown = model.Join(lens.Conditioning(encoding, site, new TextHandling { Length = TextLength.Of(length) }));
        Assert.True(shown.equal(loaded.Join(own.Conditioning(expected, site))).all().item<bool>());
    }

    [Fact]
    public void A_words_rows_alone_are_shown_and_a_template_is_its_tail()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwenImage.Load();
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        Assert.Equal(2, Rows(SiteTokens.Word("a")));
        Assert.Equal(7, Rows(SiteTokens.Prompt));
        Assert.Equal(5, Rows(SiteTokens.Template));
        Assert.Equal(
            "tokens is padding, but this model reads none",
            Assert.Throws<BadInputException>(() => Rows(SiteTokens.Padding)).Message);

        long Rows(SiteTokens tokens) => model.Join(
            lens.Conditioning(encoding, new LensSite(2) { Tokens = tokens, Rest = SiteRest.Dropped })).shape[1];
    }

    [Fact]
    public void Neither_what_sees_images_nor_the_head_is_loaded_counted_or_part_of_the_identity()
    {
        ModelInspection told = ModelFamily.Inspect([_folder.Path], variant: null);
        PartInspection encoder = told.Parts.Single(part => part.Name == "text_encoder");
        using SafetensorsFile file = SafetensorsFile.Open(_folder["text_encoder/model.safetensors"]);
        long read = file.Entries.Where(entry => entry.Key.StartsWith("model.", StringComparison.Ordinal))
            .Sum(entry => entry.Value.Shape.Aggregate(1L, (count, side) => count * side));
        Assert.Empty(told.Errors);
        Assert.Equal(read, encoder.Weights.Sum(share => share.Parameters));
        Assert.Contains(encoder.Ignored, item => item.Name.StartsWith("19 tensors", StringComparison.Ordinal));
        Assert.Contains(told.Assumptions, line => line.Contains("first 34 tokens", StringComparison.Ordinal));
        Assert.DoesNotContain(told.Assumptions, line => line.Contains("stands before the prompt", StringComparison.Ordinal));
    }

    [Fact]
    public void Newer_names_and_a_flat_config_are_the_same_encoder()
    {
        using DisposeScope scope = NewDisposeScope();
        string weights = _folder["text_encoder/model.safetensors"];
        Rename(weights, name => name.StartsWith("visual.", StringComparison.Ordinal) ? $"model.{name}"
            : name.Replace("model.", "model.language_model.", StringComparison.Ordinal));
        string config = _folder["text_encoder/config.json"];
        JsonObject flat = JsonNode.Parse(File.ReadAllText(config))!["text_config"]!.AsObject();
        flat["model_type"] = "qwen2_5_vl";
        File.WriteAllText(config, flat.ToJsonString());
        using TextToImageModel model = SmallQwenImage.LoadFolder(_folder.Path);
        Tensor expected = Reference.Load(SmallQwenImage.Folder, "images", Reference.Double)["native.image"];
        SmallQwen.AssertImage(SmallQwenImage.Own(model), expected, 1e-10);
    }

    [Fact]
    public void The_length_of_what_is_read_changes_no_image_of_a_prompt_that_fits()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor expected = Reference.Load(SmallQwenImage.Folder, "images", Reference.Double)["native.image"];
        using TextToImageModel model = SmallQwenImage.Load(length: 12);
        SmallQwen.AssertImage(SmallQwenImage.Own(model), expected, 1e-10);
    }

    [Theory]
    [InlineData(20, 32, "height is 20; this model makes images whose sides are multiples of 8")]
    [InlineData(32, 4, "width is 4")]
    public void Sides_that_it_cannot_make_are_refused(int height, int width, string error)
    {
        using TextToImageModel model = SmallQwenImage.Load();
        SamplerSettings settings = SmallQwenImage.Settings with { Height = height, Width = width };
        Assert.Contains(error, Assert.Throws<BadInputException>(() => model.Calls(1, settings)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transformer/config.json", "joint_attention_dim", "36", "reads text of width 36, the text encoder has 32")]
    [InlineData("transformer/config.json", "in_channels", "20", "reads 20 and writes 16 values a token, the vae has 16")]
    [InlineData("model_index.json", "vae", "[\"diffusers\", \"AutoencoderKL\"]", "supported: AutoencoderKLQwenImage")]
    [InlineData(
        "model_index.json", "text_encoder", "[\"transformers\", \"Qwen3ForCausalLM\"]", "supported: Qwen2_5_VLForConditionalGeneration")]
    public void Parts_that_do_not_fit_are_named(string file, string key, string value, string error)
    {
        SmallCascade.Change(_folder, file, key, value);
        BadInputException refused = Assert.Throws<BadInputException>(() => SmallQwenImage.LoadFolder(_folder.Path));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Twenty_billion_parameters_are_refused_with_figures_before_anything_is_loaded()
    {
        using (FileStream file = File.OpenWrite(_folder["transformer/diffusion_pytorch_model.safetensors"]))
        {
            file.SetLength(1_100_000_000);
        }

        QwenImageTransformerConfig config = Parsed("qwen_image", "transformer", QwenImageTransformerConfig.Parse);
        NetworkPart transformer = new(
            ModelFolder.Open(_folder.Path), "transformer", placement => new QwenImageTransformer2DModel(config, placement));
        BadInputException refused = Assert.Throws<BadInputException>(
            () => MemoryNeed.Require([[transformer]], new LoadOptions(ScalarType.BFloat16), () => 24_000_000_000));
        Assert.Contains(
            "transformer 40.9 GB in bfloat16, with 2.1 GB to compute in 43.0 GB, of which 24.0 GB are free",
            refused.Message,
            StringComparison.Ordinal);

        static T Parsed<T>(string model, string part, Func<System.Text.Json.JsonElement, string, T> parse)
            => Reference.PathOf("shapes", model, part, "config.json") is var path ? parse(ConfigFile.ReadObject(path), path) : default!;
    }

    /// <summary>Writes a safetensors file's header anew.</summary>
    private static void Rename(string path, Func<string, string> rename)
    {
        byte[] content = File.ReadAllBytes(path);
        int length = BitConverter.ToInt32(content);
        JsonObject header = JsonNode.Parse(Encoding.UTF8.GetString(content, 8, length))!.AsObject();
        JsonObject renamed = [];
        foreach ((string name, JsonNode? entry) in header)
        {
            renamed[name == "__metadata__" ? name : rename(name)] = entry!.DeepClone();
        }

        byte[] text = Encoding.UTF8.GetBytes(renamed.ToJsonString());
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)text.Length), .. text, .. content[(8 + length)..]]);
    }
}
