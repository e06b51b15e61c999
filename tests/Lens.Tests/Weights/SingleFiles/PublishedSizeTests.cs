using System.Text.Json;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using DiffusionLens.Weights.SingleFiles;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Weights.SingleFiles;

/// <summary>Kinds and names at the sizes of the published models, by their lists of parameters; no file of gigabytes is written.</summary>
public sealed class PublishedSizeTests : IDisposable
{
    private const string TextKey = "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sd15", "sd1")]
    [InlineData("sd21", "sd2")]
    [InlineData("sd21", "sd2-v")]
    public void Every_parameter_of_a_published_model_has_a_name_in_the_file_and_back(string published, string kind)
    {
        KindFolder configs = new(CheckpointKindName.Parse(kind));
        TextLayout layout = kind == "sd1" ? TextLayout.StableDiffusion1 : TextLayout.StableDiffusion2;
        IReadOnlyList<SingleFilePart> parts = Parts(configs, layout);
        Dictionary<string, TensorEntry> file = [];
        foreach (SingleFilePart part in parts)
        {
            foreach ((string name, long[] shape) in Shapes(published, part.Name))
            {
                string inFile = part.NameInFile(name);
                bool isThird = inFile.Contains("in_proj", StringComparison.Ordinal);
                file[inFile] = new TensorEntry(inFile, ScalarType.Float16, isThird ? [3 * shape[0], .. shape[1..]] : shape);
            }
        }

        Assert.Contains("model.diffusion_model.output_blocks.2.1.conv.weight", file.Keys);
        Assert.Contains("model.diffusion_model.output_blocks.8.2.conv.weight", file.Keys);
        Assert.Contains("model.diffusion_model.input_blocks.9.0.op.bias", file.Keys);
        Assert.Contains("model.diffusion_model.input_blocks.8.1.transformer_blocks.0.ff.net.0.proj.weight", file.Keys);
        Assert.Contains("first_stage_model.decoder.up.0.block.0.nin_shortcut.weight", file.Keys);
        Assert.Contains("first_stage_model.encoder.mid.attn_1.proj_out.weight", file.Keys);
        Assert.Contains(
            kind == "sd1" ? "cond_stage_model.transformer.text_model.encoder.layers.11.mlp.fc1.weight"
                : "cond_stage_model.model.transformer.resblocks.22.attn.in_proj_bias",
            file.Keys);

        SingleFileParts.Fill(parts, new CheckpointFile("model.safetensors", file, new Dictionary<string, string>()));

        Assert.All(parts, part => Assert.Equal(
            Shapes(published, part.Name).ToDictionary(pair => pair.Key, pair => string.Join(',', pair.Value)),
            part.Entries.ToDictionary(pair => pair.Key, pair => string.Join(',', pair.Value.Shape))));
    }

    [Fact]
    public void A_file_of_published_size_needs_nothing_beside_it()
    {
        string path = _folder["model.safetensors"];
        WriteHeader(path, Parts(new KindFolder(CheckpointKind.StableDiffusion1), TextLayout.StableDiffusion1)
            .SelectMany(part => Shapes("sd15", part.Name).Select(tensor => (part.NameInFile(tensor.Key), tensor.Value))));

        ModelInspection model = ModelFamily.Inspect([path], null);

        Assert.Empty(model.Errors);
        Assert.Equal(12, model.Description!.LayerCount);
        Assert.Equal(859_520_964, model.Parts.First(part => part.Name == "unet").Weights.Sum(share => share.Parameters));
        Assert.Equal(49408, model.Parts.First(part => part.Name == "tokenizer").Tokenizer!.VocabularySize);
        Assert.True(ModelFamily.TryCheckWeights(ModelFolder.Open(path)));
        Assert.Contains("variants", Assert.Throws<BadInputException>(() => ModelFamily.Of([path])
            .Identity([path], new LoadOptions(Variant: "fp16"), new DigestCache())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void XLs_blocks_have_the_places_that_its_configs_give_them()
    {
        IReadOnlyList<SingleFilePart> parts = Parts(new KindFolder(CheckpointKind.StableDiffusionXL), TextLayout.StableDiffusionXL);
        string File(string part, string name) => parts.First(one => one.Name == part).NameInFile(name);

        Assert.Equal(["unet", "vae", "text_encoder", "text_encoder_2"], parts.Select(part => part.Name));
        Assert.Equal("model.diffusion_model.label_emb.0.2.bias", File("unet", "add_embedding.linear_2.bias"));
        Assert.Equal("model.diffusion_model.input_blocks.6.0.op.weight", File("unet", "down_blocks.1.downsamplers.0.conv.weight"));
        Assert.Equal("model.diffusion_model.output_blocks.2.2.conv.weight", File("unet", "up_blocks.0.upsamplers.0.conv.weight"));
        Assert.Equal(
            "model.diffusion_model.output_blocks.0.1.transformer_blocks.9.norm1.bias",
            File("unet", "up_blocks.0.attentions.0.transformer_blocks.9.norm1.bias"));
        Assert.Equal(
            "conditioner.embedders.1.model.transformer.resblocks.31.ln_2.weight",
            File("text_encoder_2", "text_model.encoder.layers.31.layer_norm2.weight"));
        Assert.Equal("conditioner.embedders.1.model.text_projection", File("text_encoder_2", "text_projection.weight"));
    }

    [Theory]
    [InlineData("cond_stage_model.transformer.text_model.final_layer_norm.bias", 768, "sd1", "epsilon", "PNDMScheduler", 64)]
    [InlineData("conditioner.embedders.1.model.ln_final.bias", 2048, "sdxl", "epsilon", "EulerDiscreteScheduler", 128)]
    public void Names_and_the_width_of_the_text_tell_1_x_and_XL(
        string text, long width, string kind, string prediction, string scheduler, int latents)
    {
        KindChoice choice = Choice(File(text, width));

        Assert.Equal(kind, choice.Folder.Kind.Short());
        JsonElement config = Config(choice.Folder, KindFolder.Scheduler);
        Assert.Equal(prediction, config.TryGetProperty("prediction_type", out JsonElement type) ? type.GetString() : "epsilon");
        Assert.Equal(scheduler, config.GetProperty("_class_name").GetString());
        Assert.Equal(latents, Config(choice.Folder, "unet/config.json").GetProperty("sample_size").GetInt32());
        Assert.Contains(choice.Assumed, one => (one.What, one.Value) == ("prediction type", prediction));
    }

    [Theory]
    [InlineData("cond_stage_model.model.ln_final.bias")]
    [InlineData("conditioner.embedders.0.model.ln_final.bias")]
    public void Of_2_x_nothing_tells_and_it_asks(string text)
    {
        CheckpointFile file = File(text, 1024);

        string error = Assert.Throws<BadInputException>(() => Choice(file)).Message;
        Assert.Contains("--kind sd2 ", error, StringComparison.Ordinal);
        Assert.Contains("--kind sd2-v ", error, StringComparison.Ordinal);

        Assert.Equal("v_prediction", Prediction(Choice(file, CheckpointKind.StableDiffusion2V)));
        Assert.Equal("epsilon", Prediction(Choice(file, CheckpointKind.StableDiffusion2)));
    }

    [Theory]
    [InlineData("modelspec.prediction_type", "v", "v_prediction")]
    [InlineData("modelspec.prediction_type", "epsilon", "epsilon")]
    [InlineData("modelspec.architecture", "stable-diffusion-v2-768-v", "v_prediction")]
    [InlineData("modelspec.architecture", "stable-diffusion-v2-512", "epsilon")]
    public void Its_metadata_tell_where_they_are_there(string key, string value, string prediction)
    {
        CheckpointFile file = File("cond_stage_model.model.ln_final.bias", 1024) with
        {
            Metadata = new Dictionary<string, string> { [key] = value },
        };

        KindChoice choice = Choice(file);
        Assert.Equal(prediction, Prediction(choice));
        Assert.Contains(choice.Assumed, one => one.What == "prediction type" && one.Source.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public void Metadata_that_name_another_prediction_are_refused()
    {
        CheckpointFile file = File("cond_stage_model.model.ln_final.bias", 1024) with
        {
            Metadata = new Dictionary<string, string> { ["modelspec.prediction_type"] = "sample" },
        };

        Assert.Contains("'sample'", Assert.Throws<BadInputException>(() => Choice(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model:\n  target: ldm.models.diffusion.ddpm.LatentDiffusion\n  params:\n    parameterization: \"v\"\n", "v_prediction")]
    [InlineData("model:\n  target: ldm.models.diffusion.ddpm.LatentDiffusion\n  params:\n    linear_start: 0.00085\n", "epsilon")]
    public void The_yaml_beside_it_tells_and_one_of_something_else_does_not(string yaml, string prediction)
    {
        CheckpointFile file = File("cond_stage_model.model.ln_final.bias", 1024) with { Path = _folder["model.safetensors"] };

        System.IO.File.WriteAllText(_folder["model.yaml"], yaml);
        Assert.Equal(prediction, Prediction(Choice(file)));
        System.IO.File.WriteAllText(_folder["model.yaml"], "name: notes\n");
        Assert.Throws<BadInputException>(() => Choice(file));
    }

    [Theory]
    [InlineData("cond_stage_model.transformer.text_model.final_layer_norm.bias", 768)]
    [InlineData("conditioner.embedders.1.model.ln_final.bias", 2048)]
    [InlineData("cond_stage_model.model.ln_final.bias", 1024)]
    public void Markers_tell_v_and_a_schedule_that_ends_in_noise(string text, long width)
    {
        KindChoice choice = Choice(File(text, width, "v_pred", "ztsnr"));
        JsonElement scheduler = Config(choice.Folder, KindFolder.Scheduler);

        Assert.Equal("v_prediction", Prediction(choice));
        Assert.True(scheduler.GetProperty("rescale_betas_zero_snr").GetBoolean());
        Assert.Equal("trailing", scheduler.GetProperty("timestep_spacing").GetString());
        Assert.Equal(
            scheduler.GetProperty("_class_name").GetString(),
            Config(choice.Folder, KindFolder.Index).GetProperty("scheduler")[1].GetString());
        Assert.NotEqual("PNDMScheduler", scheduler.GetProperty("_class_name").GetString());
    }

    [Theory]
    [InlineData("cond_stage_model.transformer.text_model.final_layer_norm.bias", 1024)]
    [InlineData("cond_stage_model.model.ln_final.bias", 768)]
    [InlineData("conditioner.embedders.1.model.ln_final.bias", 1280)]
    public void Signs_that_contradict_each_other_ask_for_the_configs(string text, long width)
        => Assert.Contains("--config", Assert.Throws<BadInputException>(() => Choice(File(text, width))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("sd1", "tokenizer", "<|endoftext|>", 49407)]
    [InlineData("sd2", "tokenizer", "!", 0)]
    [InlineData("sd2-v", "tokenizer", "!", 0)]
    [InlineData("sdxl", "tokenizer", "<|endoftext|>", 49407)]
    [InlineData("sdxl", "tokenizer_2", "!", 0)]
    public void A_kinds_tokenizer_is_CLIPs_with_its_padding_in_memory_and_as_files(string kind, string part, string padding, int id)
    {
        KindFolder folder = new(CheckpointKindName.Parse(kind));
        foreach (string file in new[] { "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json" })
        {
            System.IO.File.WriteAllBytes(_folder[file], folder.ReadOrNull($"{part}/{file}")!);
        }

        ClipTokenizer asFiles = ClipTokenizer.FromFolder(_folder.Path), inMemory = ClipTokenizer.Embedded(padding);
        const string Prompt = "A red car, naïve 東京!";
        Assert.Equal([49406, 320, 736, 1615, 267], asFiles.Encode(Prompt).Ids.Take(5));
        Assert.Equal(asFiles.Encode(Prompt).Ids, inMemory.Encode(Prompt).Ids);
        Assert.Equal(id, asFiles.Encode("a").Ids[^1]);
    }

    private static IReadOnlyList<SingleFilePart> Parts(KindFolder folder, TextLayout layout)
        => SingleFileParts.Of(layout, part => Config(folder, $"{part}/config.json"), part => part);

    private static JsonElement Config(KindFolder folder, string file)
    {
        using JsonDocument document = JsonDocument.Parse(folder.ReadOrNull(file)!);
        return document.RootElement.Clone();
    }

    private static string? Prediction(KindChoice choice)
    {
        string? inScheduler = Config(choice.Folder, KindFolder.Scheduler).GetProperty("prediction_type").GetString();
        Assert.Contains(choice.Assumed, one => one.What == "prediction type" && one.Value == inScheduler);
        return inScheduler;
    }

    private static KindChoice Choice(CheckpointFile file, CheckpointKind? asked = null)
        => KindChoice.Of(file, CheckpointSigns.Of(file), asked, null);

    private static CheckpointFile File(string text, long width, params string[] markers)
    {
        TensorEntry[] entries =
        [
            new(text, ScalarType.Float16, [width]),
            new(TextKey, ScalarType.Float16, [320, width]),
            .. markers.Select(marker => new TensorEntry(marker, ScalarType.Float32, [0])),
        ];
        return new CheckpointFile("model.safetensors", entries.ToDictionary(entry => entry.Name), new Dictionary<string, string>());
    }

    /// <summary>A file of float16 zeros, of which the disk holds the header alone where it can.</summary>
    private static void WriteHeader(string path, IEnumerable<(string Name, long[] Shape)> tensors)
    {
        long offset = 0;
        byte[] header = JsonSerializer.SerializeToUtf8Bytes(tensors.ToDictionary(
            tensor => tensor.Name,
            tensor => new { dtype = "F16", shape = tensor.Shape, data_offsets = new[] { offset, offset += ByteCount(tensor.Shape) } }));
        using FileStream file = System.IO.File.Create(path);
        file.Write(BitConverter.GetBytes((long)header.Length));
        file.Write(header);
        file.SetLength(file.Length + offset);

        static long ByteCount(long[] shape) => 2 * shape.Aggregate(1L, (count, side) => count * side);
    }

    private static Dictionary<string, long[]> Shapes(string published, string part)
        => JsonSerializer.Deserialize<Dictionary<string, long[]>>(
            System.IO.File.ReadAllBytes(Reference.PathOf("shapes", published, part, "shapes.json")))!;
}
