using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Families;
using DiffusionLens.Families.StableDiffusion;
using DiffusionLens.Pipelines;
using DiffusionLens.Tests.Pipelines;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Folders;

/// <summary>Configs as old libraries and makers of smaller models wrote them.</summary>
public sealed class OldConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OldConfigTests() => ReferenceFolders.LayOver("base", _folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0.6.0", 32, 64)]
    [InlineData("0.8.1", 16, 64)]
    [InlineData("0.8.0.dev0", 16, 64)]
    [InlineData("0.9.0.dev0", 32, 32)]
    [InlineData("0.9.0", 32, 32)]
    [InlineData("0.39.0", 16, 16)]
    [InlineData("0.6.0", 96, 96)]
    [InlineData(null, 32, 32)]
    public void Before_diffusers_0_9_a_sample_size_below_64_means_64(string? version, int inFile, int latents)
    {
        Edit("unet/config.json", config =>
        {
            config["sample_size"] = inFile;
            config.Remove("_diffusers_version");
            if (version is not null)
            {
                config["_diffusers_version"] = version;
            }
        });
        Assert.Equal(latents, StableDiffusionParts.Denoiser(ModelFolder.Open(_folder.Path)).SampleSize);
    }

    [Fact]
    public void The_version_that_wrote_a_config_is_of_the_models_identity_where_it_changes_images()
    {
        string today = Identity();
        Edit("unet/config.json", config => config["_diffusers_version"] = "0.38.0");
        Assert.Equal(today, Identity());
        Edit("unet/config.json", config => config["_diffusers_version"] = "0.6.0");
        Assert.NotEqual(today, Identity());
    }

    [Theory]
    [InlineData("0.39.0")]
    [InlineData("0.6.0")]
    public void A_sample_size_of_two_numbers_is_height_and_width(string version)
    {
        Edit("unet/config.json", config =>
        {
            config["sample_size"] = new JsonArray(16, 24);
            config["_diffusers_version"] = version;
        });
        using TextToImageModel model = TextToImageModel.Load(_folder.Path);
        using Tensor noise = model.InitialNoise(0, new SamplerSettings()),
            square = model.InitialNoise(0, new SamplerSettings { Width = 32 });
        Assert.Equal([1, 4, 16, 24], noise.shape);
        Assert.Equal([1, 4, 16, 16], square.shape);
    }

    [Theory]
    [InlineData("[\n 16,\n 24,\n 32\n]", "sample_size has 3 numbers")]
    [InlineData("[\n 16,\n \"a\"\n]", "sample_size is \"a\"; it must be a whole number")]
    [InlineData("{\n \"height\": 16\n}", "sample_size is {\"height\":16}; it must be")]
    public void What_is_wrong_in_a_config_is_told_in_one_line(string size, string error)
    {
        string path = _folder["unet/config.json"];
        string config = File.ReadAllText(path);
        string was = JsonDocument.Parse(config).RootElement.GetProperty("sample_size").GetRawText();
        File.WriteAllText(path, config.Replace($"\"sample_size\": {was}", $"\"sample_size\": {size}", StringComparison.Ordinal));
        BadInputException refusal = Assert.Throws<BadInputException>(() => TextToImageModel.Load(_folder.Path));
        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void A_UNet_whose_middle_block_is_null_has_none()
    {
        Edit("unet/config.json", config => config["mid_block_type"] = null);
        BadInputException refusal = Assert.Throws<BadInputException>(() => TextToImageModel.Load(_folder.Path));
        Assert.Contains("unknown to it (mid_block.", refusal.Message, StringComparison.Ordinal);

        Keep("unet/diffusion_pytorch_model.safetensors", name => !name.StartsWith("mid_block.", StringComparison.Ordinal));
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = TextToImageModel.Load(_folder.Path);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode("a red circle");
        SamplerSettings settings = new() { Scheduler = "ddim", Steps = 2 };
        LensImage image = lens.Images(encoding, [new LensSite(model.LayerCount)], [0], settings)[0];
        Assert.True(image.Pixels.isfinite().all().item<bool>());
    }

    [Fact]
    public void A_text_encoder_that_skips_its_last_blocks_reads_those_that_its_config_counts()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel whole = TextToImageModel.Load(_folder.Path, new LoadOptions(ScalarType.Float64));
        int layers = whole.LayerCount;
        Edit("text_encoder/config.json", config => config["num_hidden_layers"] = layers - 1);
        using TextToImageModel skipping = TextToImageModel.Load(_folder.Path, new LoadOptions(ScalarType.Float64));
        Assert.Equal(layers - 1, skipping.LayerCount);
        TensorAssert.Close(
            skipping.NativeReads(skipping.Encode("a red circle")).States[0],
            whole.FinalNorm(0, whole.Encode("a red circle").Encoders[0].States[layers - 1]),
            1e-12);
    }

    [Fact]
    public void A_text_encoder_with_fewer_blocks_than_its_config_counts_is_refused()
    {
        Edit("text_encoder/config.json", config => config["num_hidden_layers"] = config["num_hidden_layers"]!.GetValue<int>() + 1);
        BadInputException refusal = Assert.Throws<BadInputException>(() => TextToImageModel.Load(_folder.Path));
        Assert.Contains("num_hidden_layers is ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text_projection.weight")]
    [InlineData("logit_scale")]
    [InlineData("vision_model.embeddings.class_embedding")]
    public void What_a_whole_CLIP_has_beside_its_text_encoder_is_passed_over(string extra)
    {
        string path = _folder["text_encoder/model.safetensors"];
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = Tensors(path);
        tensors.Add(extra, ones(2, 2));
        SafetensorsWriter.Write(path, tensors);
        using TextToImageModel model = TextToImageModel.Load(_folder.Path);
        Assert.True(model.LayerCount > 0);
    }

    [Fact]
    public void A_whole_CLIPs_config_is_read_for_its_text_encoder()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel plain = TextToImageModel.Load(_folder.Path);
        Edit("text_encoder/config.json", AsWhole);
        using TextToImageModel whole = TextToImageModel.Load(_folder.Path);
        Assert.Equal(plain.LayerCount, whole.LayerCount);
        Tensor Read(TextToImageModel model) => model.NativeReads(model.Encode("a red circle")).States[0];
        Assert.True(Read(plain).equal(Read(whole)).all().item<bool>());

        // Saved within a whole config, a text encoder's has only what is not the default.
        Edit("text_encoder/config.json", config => config["text_config"]!.AsObject().Remove("num_hidden_layers"));
        Assert.Equal(12, ModelFamily.Of([_folder.Path]).Describe([_folder.Path]).LayerCount);
        Edit("text_encoder/config.json", config => config["text_config"]!["num_hidden_layers"] = 0);
        Assert.Contains(
            "config.json: text_config: num_hidden_layers is 0",
            Assert.Throws<BadInputException>(() => TextToImageModel.Load(_folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_CLIP_projects_as_what_it_says_of_its_text_encoder()
    {
        using TemporaryFolder folder = SmallFlow.Copy(Reference.XL);
        string path = folder["text_encoder_2/config.json"];
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        AsWhole(config);
        File.WriteAllText(path, config.ToJsonString());
        using TextToImageModel model = TextToImageModel.Load(folder.Path);
        Assert.Equal(2, model.Description.Encoders.Count);
    }

    [Fact]
    public void A_link_to_nothing_in_a_part_that_is_not_read_changes_nothing()
    {
        Directory.CreateDirectory(_folder["safety_checker"]);
        File.CreateSymbolicLink(_folder["safety_checker/model.safetensors"], "../../../blobs/0000");
        File.CreateSymbolicLink(_folder["vae/diffusion_pytorch_model.bin"], "../../../blobs/0001");
        using TextToImageModel model = TextToImageModel.Load(_folder.Path);
        Assert.Equal(64, Identity().Length);
    }

    private string Identity() => ModelFamily.Of([_folder.Path]).Identity([_folder.Path], new(), new()).Sha256;

    private void Edit(string file, Action<JsonObject> change)
    {
        JsonObject config = JsonNode.Parse(File.ReadAllText(_folder[file]))!.AsObject();
        change(config);
        File.WriteAllText(_folder[file], config.ToJsonString());
    }

    private static void AsWhole(JsonObject config)
    {
        JsonNode text = config.DeepClone();
        config.Clear();
        config["model_type"] = "clip";
        config["projection_dim"] = 7;
        config["text_config"] = text;
        config["vision_config"] = new JsonObject { ["num_hidden_layers"] = 3 };
    }

    private void Keep(string file, Predicate<string> isKept)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = Tensors(_folder[file]);
        SafetensorsWriter.Write(_folder[file], tensors.Where(pair => isKept(pair.Key)).ToDictionary());
    }

    private static Dictionary<string, Tensor> Tensors(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Entries.Keys.ToDictionary(name => name, file.Read);
    }
}
