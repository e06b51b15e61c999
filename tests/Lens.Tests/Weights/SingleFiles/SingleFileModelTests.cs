using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Tests.Pipelines;
using DiffusionLens.Weights;
using DiffusionLens.Weights.SingleFiles;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Weights.SingleFiles;

public sealed class SingleFileModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> All => [.. ReferenceFile.Names];

    public static TheoryData<string> Supported => [.. SmallModel.Names];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void Every_tensor_of_the_folder_is_in_the_file_bit_for_bit_under_the_folders_name(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        ReferenceFile reference = ReferenceFile.Of(name);
        Dictionary<(string Part, string Name), Tensor> expected = reference.FolderTensors();
        string path = _folder["model.safetensors"];
        SafetensorsWriter.Write(path, reference.Compose(expected));

        SingleFileModel model = SingleFileModel.Read(path, new SingleFileOptions(ConfigFolder: reference.Configs));

        Dictionary<(string, string), Tensor> found = [];
        foreach (string part in model.WeightParts)
        {
            using SafetensorsFile tensors = model.OpenTensors(part);
            foreach (string tensor in tensors.Entries.Keys)
            {
                found.Add((part, tensor), tensors.Read(tensor));
            }
        }

        Assert.Equal(expected.Keys.Order(), found.Keys.Order());
        Assert.All(expected, pair => Assert.True(
            pair.Value.dtype == found[pair.Key].dtype && pair.Value.Equals(found[pair.Key]), $"{pair.Key.Part}: {pair.Key.Name}"));
        Assert.Equal(reference.IgnoredCount, model.Ignored.Values.Sum());
    }

    [Theory]
    [InlineData(true, "<|endoftext|>")]
    [InlineData(false, "!")]
    public void An_older_map_of_roles_names_the_padding_only_where_the_config_lists_no_tokens(bool isListed, string padding)
    {
        using TemporaryFolder configs = SmallFlow.Copy("sd1");
        SmallCascade.Change(configs, "tokenizer/special_tokens_map.json", "pad_token", "\"!\"");
        if (!isListed)
        {
            SmallCascade.Change(configs, "tokenizer/tokenizer_config.json", "added_tokens_decoder", "null");
        }

        string path = ReferenceFile.Of("sd1").Write(_folder);
        Assert.Equal(padding, SingleFileModel.Read(path, new SingleFileOptions(ConfigFolder: configs.Path)).PaddingOf("tokenizer"));
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void With_the_folders_configs_it_has_the_folders_identity_and_so_its_images(string name)
    {
        ReferenceFile reference = ReferenceFile.Of(name);
        string path = reference.Write(_folder);
        LoadOptions options = new(SingleFile: new SingleFileOptions(ConfigFolder: reference.Configs));

        Assert.Equal(Identity(Reference.PathOf(name), new LoadOptions()), Identity(path, options));
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void Its_text_and_its_predictions_are_the_folders_bit_for_bit(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        ReferenceFile reference = ReferenceFile.Of(name);
        LoadOptions options = new(ScalarType.Float64, SingleFile: new SingleFileOptions(ConfigFolder: reference.Configs));
        using TextToImageModel single = TextToImageModel.Load(reference.Write(_folder), options);
        TextToImageModel folder = SmallModel.Load(name, ScalarType.Float64);

        Assert.True(Predicted(single).Equals(Predicted(folder)));

        static Tensor Predicted(TextToImageModel model)
        {
            using TextConditioning text = model.Condition(model.NativeReads(model.Encode(SmallModel.Prompt)));
            return model.Predict(ones(1, 4, 16, 16, dtype: ScalarType.Float64), 500, text);
        }
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void Digests_of_its_parts_are_kept_and_tell_tensors_of_one_name_in_two_parts_apart(string name)
    {
        ReferenceFile reference = ReferenceFile.Of(name);
        string path = reference.Write(_folder);
        LoadOptions options = new(SingleFile: new SingleFileOptions(ConfigFolder: reference.Configs));
        DigestCache cache = new();
        ModelIdentity first = ModelFamily.Of([path], options.SingleFile).Identity([path], options, cache);
        cache.Save(_folder["digests"]);
        DigestCache again = DigestCache.Load(_folder["digests"]);

        Assert.Equal(first.Parts, ModelFamily.Of([path], options.SingleFile).Identity([path], options, again).Parts);
        Assert.False(again.HasChanged);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_state_dict_prefix_and_a_trainers_counters_change_nothing(string name)
    {
        ReferenceFile reference = ReferenceFile.Of(name);
        string path = reference.Write(
            _folder,
            tensors =>
            {
                tensors.Add("global_step", ones(1));
                tensors.Add("epoch", ones(1));
            },
            tensor => tensor == "epoch" ? tensor : $"state_dict.{tensor}");

        SingleFileModel model = SingleFileModel.Read(path, new SingleFileOptions(ConfigFolder: reference.Configs));

        Assert.Equal(2, model.Ignored["counters of the training"]);
        if (name != "sdxl")
        {
            LoadOptions options = new(SingleFile: new SingleFileOptions(ConfigFolder: reference.Configs));
            Assert.Equal(Identity(Reference.PathOf(name), new LoadOptions()), Identity(path, options));
        }
    }

    [Fact]
    public void Text_encoders_without_text_model_and_autoencoders_under_vae_are_found_too()
    {
        ReferenceFile reference = ReferenceFile.Of("sd1");
        string path = reference.Write(
            _folder,
            rename: name => name.Replace("transformer.text_model.", "transformer.", StringComparison.Ordinal)
                .Replace("first_stage_model.", "vae.", StringComparison.Ordinal));
        LoadOptions options = new(SingleFile: new SingleFileOptions(ConfigFolder: reference.Configs));

        Assert.Equal(Identity(Reference.PathOf("sd1"), new LoadOptions()), Identity(path, options));
    }

    [Fact]
    public void The_text_encoder_of_2_x_is_found_where_SD_Turbos_file_has_it_too()
    {
        ReferenceFile reference = ReferenceFile.Of("sd2");
        string path = reference.Write(
            _folder,
            rename: name => name.Replace("cond_stage_model.model.", "conditioner.embedders.0.model.", StringComparison.Ordinal));
        LoadOptions options = new(SingleFile: new SingleFileOptions(ConfigFolder: reference.Configs));

        Assert.Equal(Identity(Reference.PathOf("sd2"), new LoadOptions()), Identity(path, options));
    }

    [Theory]
    [InlineData("sd1")]
    [InlineData("sd2")]
    public void A_one_by_one_convolution_and_a_matrix_are_the_same(string name)
    {
        ReferenceFile reference = ReferenceFile.Of(name);
        string path = reference.Write(_folder, tensors =>
        {
            foreach (string tensor in tensors.Keys.ToArray())
            {
                if (tensor.EndsWith("proj_in.weight", StringComparison.Ordinal)
                    || tensor.EndsWith("proj_out.weight", StringComparison.Ordinal)
                    || tensor.EndsWith("mid.attn_1.q.weight", StringComparison.Ordinal))
                {
                    long[] shape = tensors[tensor].shape;
                    tensors[tensor] = tensors[tensor].reshape(shape.Length == 2 ? [.. shape, 1, 1] : shape[..2]);
                }
            }
        });
        LoadOptions options = new(SingleFile: new SingleFileOptions(ConfigFolder: reference.Configs));

        Assert.Equal(Identity(Reference.PathOf(name), new LoadOptions()), Identity(path, options));
    }

    [Fact]
    public void The_variances_that_the_loss_of_old_checkpoints_was_weighted_with_are_left_aside()
    {
        ReferenceFile reference = ReferenceFile.Of("sd1");
        string path = reference.Write(_folder, tensors => tensors["logvar"] = zeros(1000));
        LoadOptions options = new(SingleFile: new SingleFileOptions(ConfigFolder: reference.Configs));

        Assert.Equal(Identity(Reference.PathOf("sd1"), new LoadOptions()), Identity(path, options));
    }

    [Fact]
    public void A_whole_second_unet_of_averaged_weights_is_left_aside()
    {
        ReferenceFile reference = ReferenceFile.Of("sd1");
        string path = reference.Write(_folder, tensors =>
        {
            foreach ((string name, Tensor tensor) in tensors.ToArray())
            {
                if (name.StartsWith("model.diffusion_model.", StringComparison.Ordinal))
                {
                    string averaged = $"model_ema.{name["model.".Length..].Replace(".", "", StringComparison.Ordinal)}";
                    tensors[averaged] = zeros_like(tensor);
                }
            }
        });
        LoadOptions options = new(SingleFile: new SingleFileOptions(ConfigFolder: reference.Configs));

        Assert.Equal(Identity(Reference.PathOf("sd1"), new LoadOptions()), Identity(path, options));
    }

    [Theory]
    [InlineData("model.diffusion_model.output_blocks.0.0.in_layers.7.weight")]
    [InlineData("model.diffusion_model.output_blocks.17.0.in_layers.0.weight")]
    [InlineData("model.diffusion_model.label_emb.0.0.weight")]
    [InlineData("first_stage_model.loss.logvar")]
    [InlineData("first_stage_model.decoder.up.2.block.0.conv1.weight")]
    [InlineData("cond_stage_model.transformer.vision_model.weight")]
    [InlineData("optimizer.lr")]
    public void A_tensor_that_belongs_nowhere_is_named(string name)
    {
        ReferenceFile reference = ReferenceFile.Of("sd1");
        string path = reference.Write(_folder, tensors => tensors.Add(name, ones(4)));

        string error = Refused(path, reference.Configs);

        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.StartsWith(path, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sd1", "model.diffusion_model.output_blocks.2.1.conv.weight")]
    [InlineData("sd1", "first_stage_model.decoder.up.0.block.1.norm2.bias")]
    [InlineData("sd1", "cond_stage_model.transformer.text_model.final_layer_norm.weight")]
    [InlineData("sd2", "cond_stage_model.model.transformer.resblocks.3.attn.in_proj_weight")]
    [InlineData("sd2", "cond_stage_model.model.positional_embedding")]
    [InlineData("sd2", "model.diffusion_model.middle_block.1.transformer_blocks.0.attn2.to_v.weight")]
    public void A_tensor_that_is_not_there_is_named_as_the_file_would(string name, string tensor)
    {
        ReferenceFile reference = ReferenceFile.Of(name);
        string path = reference.Write(_folder, tensors => Assert.True(tensors.Remove(tensor)));

        string error = Refused(path, reference.Configs);

        Assert.Contains(tensor, error, StringComparison.Ordinal);
        Assert.Contains("missing", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_of_another_shape_is_named_as_in_the_file()
    {
        ReferenceFile reference = ReferenceFile.Of("sd1");
        const string Name = "model.diffusion_model.out.0.weight";
        string path = reference.Write(_folder, tensors => tensors[Name] = ones(31, dtype: ScalarType.Float16));

        Assert.Contains($"{Name} is [31], should be [32]", Refused(path, reference.Configs), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_is_there_under_two_names_is_refused()
    {
        ReferenceFile reference = ReferenceFile.Of("sd1");
        string path = reference.Write(_folder, tensors => tensors.Add("vae.quant_conv.bias", ones(8)));

        Assert.Contains("twice", Refused(path, reference.Configs), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Of_another_shape_than_the_published_models_it_asks_for_the_configs(string name)
    {
        string error = Refused(ReferenceFile.Of(name).Write(_folder), null);

        Assert.Contains("--config", error, StringComparison.Ordinal);
        Assert.Contains("width", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sd1", CheckpointKind.StableDiffusion2)]
    [InlineData("sd1", CheckpointKind.StableDiffusionXL)]
    [InlineData("sd2", CheckpointKind.StableDiffusion1)]
    [InlineData("sdxl", CheckpointKind.StableDiffusion2V)]
    public void A_kind_that_its_names_contradict_is_refused(string name, CheckpointKind kind)
    {
        ReferenceFile reference = ReferenceFile.Of(name);
        string path = reference.Write(_folder);

        string error = Assert.Throws<BadInputException>(
            () => SingleFileModel.Read(path, new SingleFileOptions(kind, reference.Configs))).Message;

        Assert.StartsWith($"--kind {kind.Short()}", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_that_the_configs_contradict_is_refused_and_one_that_they_have_is_fine()
    {
        ReferenceFile reference = ReferenceFile.Of("sd2");
        string path = reference.Write(_folder);

        Assert.NotNull(SingleFileModel.Read(path, new SingleFileOptions(CheckpointKind.StableDiffusion2V, reference.Configs)));
        string error = Assert.Throws<BadInputException>(
            () => SingleFileModel.Read(path, new SingleFileOptions(CheckpointKind.StableDiffusion2, reference.Configs))).Message;
        Assert.Contains("v_prediction", error, StringComparison.Ordinal);
        error = Assert.Throws<BadInputException>(
            () => SingleFileModel.Read(path, new SingleFileOptions(ConfigFolder: ReferenceFile.Of("sdxl").Configs))).Message;
        Assert.Contains("StableDiffusionXLPipeline", error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_what_it_took_from_the_configs()
    {
        ReferenceFile reference = ReferenceFile.Of("sd2");
        ModelFolder model = ModelFolder.Open(reference.Write(_folder), new SingleFileOptions(ConfigFolder: reference.Configs));

        Assert.Contains(model.Assumed, one => (one.What, one.Value) == ("prediction type", "v_prediction"));
        Assert.Contains(model.Assumed, one => one.What == "scheduler" && one.Value.StartsWith("DDIMScheduler", StringComparison.Ordinal));
        Assert.Contains(model.Assumed, one => (one.What, one.Value) == ("heads of the unet", "[2,4,8]"));
        Assert.Contains(model.Assumed, one => (one.What, one.Value) == ("activation of the text encoder", "gelu"));
        Assert.Contains(model.Assumed, one => one.What == "tokenizer" && one.Value.EndsWith("padding !", StringComparison.Ordinal));
        Assert.Empty(ModelFolder.Open(reference.Configs).Assumed);
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void The_folder_that_is_written_of_it_is_the_same_model_with_the_types_that_it_had(string name)
    {
        ReferenceFile reference = ReferenceFile.Of(name);
        ModelFolder model = ModelFolder.Open(reference.Write(_folder), new SingleFileOptions(ConfigFolder: reference.Configs));
        string written = Directory.CreateDirectory(_folder["written"]).FullName;

        FolderWriter.Write(model, written, CancellationToken.None);

        Assert.Equal(Identity(Reference.PathOf(name), new LoadOptions()), Identity(written, new LoadOptions()));
        using SafetensorsFile unet = SafetensorsFile.Open(Path.Combine(written, "unet", "diffusion_pytorch_model.safetensors"));
        Assert.Equal("pt", unet.Metadata["format"]);
        Assert.All(unet.Entries.Values, entry => Assert.Equal(ScalarType.Float16, entry.DType));
    }

    [Fact]
    public void The_folder_that_is_written_of_an_XL_file_has_the_tensors_that_the_reference_has()
    {
        using DisposeScope scope = NewDisposeScope();
        ReferenceFile reference = ReferenceFile.Of("sdxl");
        Dictionary<(string Part, string Name), Tensor> expected = reference.FolderTensors();
        string path = _folder["model.safetensors"], written = Directory.CreateDirectory(_folder["written"]).FullName;
        SafetensorsWriter.Write(path, reference.Compose(expected));

        FolderWriter.Write(
            ModelFolder.Open(path, new SingleFileOptions(ConfigFolder: reference.Configs)), written, CancellationToken.None);

        foreach (IGrouping<string, (string Part, string Name)> part in expected.Keys.GroupBy(key => key.Part))
        {
            using WeightFiles files = WeightFiles.Open(Path.Combine(written, part.Key));
            Assert.Equal(part.Select(key => key.Name).Order(), files.Entries.Select(entry => entry.Name).Order());
            Assert.All(part, key =>
            {
                Tensor place = zeros(expected[key].shape, ScalarType.Float16);
                files.CopyTo(key.Name, place);
                Assert.True(place.Equals(expected[key]), key.Name);
            });
        }

        ModelFolder folder = ModelFolder.Open(written);
        Assert.Equal("StableDiffusionXLPipeline", folder.PipelineClass);
        Assert.True(File.Exists(Path.Combine(written, "tokenizer_2", "vocab.json")));
    }

    private static string Identity(string path, LoadOptions options)
        => ModelFamily.Of([path], options.SingleFile).Identity([path], options, new DigestCache()).Sha256;

    private static string Refused(string path, string? configs) => Assert.Throws<BadInputException>(() =>
    {
        ModelFolder model = ModelFolder.Open(path, new SingleFileOptions(ConfigFolder: configs));
        Assert.True(ModelFamily.TryCheckWeights(model));
    }).Message;
}
