using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Tests.Pipelines;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Families;

public sealed class ModelIdentityTests : IDisposable
{
    private const string UNet = "unet/diffusion_pytorch_model.safetensors", Text = "text_encoder/model.safetensors";

    private readonly TemporaryFolder _folder = new();

    public ModelIdentityTests()
    {
        string source = Reference.PathOf("sd1");
        string[] files = Directory.GetFiles(source, "*", SearchOption.AllDirectories);
        foreach (string file in files.Where(file => !file.Contains("expected", StringComparison.Ordinal)))
        {
            string target = _folder[Path.GetRelativePath(source, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(file));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_a_model_lies_and_what_lies_beside_its_parts_change_nothing_and_are_not_read()
    {
        string before = Identity();
        Assert.Equal(Of([Reference.PathOf("sd1")]).Sha256, before);

        Write("notes.txt", "mine");
        Write("dlens.json", "{}");
        Write("unet/training_args.json", "no JSON {");
        Write("model.ckpt", "a checkpoint of gigabytes");
        Write("unet/diffusion_pytorch_model.fp16.safetensors", "a broken twin");
        Write("unet/diffusion_pytorch_model.bin", "a pickle");
        Write("vae/ema.safetensors", "broken");
        Write("safety_checker/model.safetensors", "broken");
        Write("feature_extractor/preprocessor_config.json", "no JSON {");
        Write("tokenizer/tokenizer.json", "no JSON {");

        Assert.Equal(before, Identity());
    }

    [Fact]
    public void A_changed_value_of_any_weight_changes_the_part_and_the_whole()
    {
        ModelIdentity before = Of([_folder.Path]);
        byte[] bytes = File.ReadAllBytes(_folder[UNet]);
        bytes[^1] ^= 1;
        File.WriteAllBytes(_folder[UNet], bytes);

        ModelIdentity after = Of([_folder.Path]);

        Assert.NotEqual(before.Sha256, after.Sha256);
        Assert.Equal(["unet"], before.Parts.Keys.Where(part => before.Parts[part] != after.Parts[part]));
    }

    [Theory]
    [InlineData("scheduler/scheduler_config.json", "beta_end", "0.02", "scheduler")]
    [InlineData("vae/config.json", "scaling_factor", "0.5", "vae")]
    [InlineData("text_encoder/config.json", "hidden_act", "\"gelu\"", "text_encoder")]
    [InlineData("tokenizer/tokenizer_config.json", "model_max_length", "76", "tokenizer")]
    public void A_changed_value_of_a_config_in_use_changes_the_identity(string file, string key, string value, string part)
    {
        ModelIdentity before = Of([_folder.Path]);
        Change(file, key, value);
        ModelIdentity after = Of([_folder.Path]);
        Assert.NotEqual(before.Sha256, after.Sha256);
        Assert.Equal([part], before.Parts.Keys.Where(name => before.Parts[name] != after.Parts[name]));
    }

    [Theory]
    [InlineData("unet/config.json", "_diffusers_version", "\"0.99\"")]
    [InlineData("unet/config.json", "_name_or_path", "\"elsewhere\"")]
    [InlineData("text_encoder/config.json", "transformers_version", "\"9.0\"")]
    [InlineData("text_encoder/config.json", "torch_dtype", "\"float16\"")]
    [InlineData("model_index.json", "_diffusers_version", "\"0.99\"")]
    [InlineData("model_index.json", "requires_safety_checker", "true")]
    [InlineData("model_index.json", "feature_extractor", "[\"transformers\", \"CLIPImageProcessor\"]")]
    public void What_a_config_tells_of_its_writer_or_of_parts_not_in_use_changes_nothing(string file, string key, string value)
    {
        string before = Identity();
        Change(file, key, value);
        Assert.Equal(before, Identity());
    }

    [Fact]
    public void Words_that_were_added_in_a_file_of_its_own_change_the_tokenizer_where_they_are_read()
    {
        ModelIdentity listed = Of([_folder.Path]);
        Write("tokenizer/tokenizer.json", """{"added_tokens": [{"id": 690, "content": "<|startoftext|>"}]}""");
        Assert.Equal(listed.Sha256, Identity());
        JsonObject config = JsonSerializer.Deserialize<JsonObject>(File.ReadAllText(_folder["tokenizer/tokenizer_config.json"]))!;
        config.Remove("added_tokens_decoder");
        Write("tokenizer/tokenizer_config.json", config.ToJsonString());
        ModelIdentity before = Of([_folder.Path]);
        Write("tokenizer/tokenizer.json", """{"added_tokens": [{"id": 692, "content": "<cat>"}]}""");
        ModelIdentity after = Of([_folder.Path]);
        Assert.Equal(["tokenizer"], before.Parts.Keys.Where(part => before.Parts[part] != after.Parts[part]));
    }

    [Fact]
    public void White_space_the_order_of_keys_and_the_spelling_of_numbers_change_nothing()
    {
        string before = Identity(), file = _folder["scheduler/scheduler_config.json"];
        JsonObject config = JsonSerializer.Deserialize<JsonObject>(File.ReadAllText(file))!;
        config["beta_start"] = JsonNode.Parse("8.5e-4");
        JsonObject turned = new(config.Reverse().Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        File.WriteAllText(file, turned.ToJsonString(new() { WriteIndented = true }));
        Assert.Equal(before, Identity());
    }

    [Fact]
    public void How_tensors_are_spread_over_files_and_what_these_say_of_themselves_change_nothing()
    {
        string before = Identity();
        using (DisposeScope scope = NewDisposeScope())
        {
            using SafetensorsFile file = SafetensorsFile.Open(_folder[UNet]);
            Dictionary<string, string> shardOf = [];
            foreach ((string name, int number) in file.Entries.Keys.Order(StringComparer.Ordinal).Select((name, number) => (name, number)))
            {
                shardOf[name] = $"diffusion_pytorch_model-0000{(number % 2) + 1}-of-00002.safetensors";
            }

            foreach (IGrouping<string, string> shard in shardOf.Keys.GroupBy(name => shardOf[name]))
            {
                SafetensorsWriter.Write(_folder[$"unet/{shard.Key}"], shard.ToDictionary(name => name, file.Read));
            }

            Write("unet/diffusion_pytorch_model.safetensors.index.json", JsonSerializer.Serialize(new { weight_map = shardOf }));
        }

        File.Delete(_folder[UNet]);
        Assert.Equal(before, Identity());
    }

    [Fact]
    public void A_variant_that_is_not_there_is_refused_and_one_that_is_there_is_itself()
    {
        string plain = Identity();
        Assert.Throws<BadInputException>(() => Identity("fp16"));

        using DisposeScope scope = NewDisposeScope();
        using (SafetensorsFile file = SafetensorsFile.Open(_folder[Text]))
        {
            SafetensorsWriter.Write(
                _folder["text_encoder/model.fp16.safetensors"],
                file.Entries.Values.ToDictionary(entry => entry.Name, Half));

            Tensor Half(TensorEntry entry)
                => is_floating_point(entry.DType) ? file.Read(entry.Name).to(ScalarType.BFloat16) : file.Read(entry.Name);
        }

        Assert.Equal(plain, Identity());
        Assert.NotEqual(plain, Identity("fp16"));
    }

    [Fact]
    public void A_type_or_device_to_load_with_is_not_the_models()
    {
        LoadOptions twice = new(ScalarType.Float64);
        Assert.Equal(Identity(), ModelFamily.Of([_folder.Path]).Identity([_folder.Path], twice, new DigestCache()).Sha256);
    }

    [Fact]
    public void A_part_that_is_in_use_and_broken_is_refused()
    {
        Write(UNet, "broken");
        Assert.Contains("is no safetensors file", Assert.Throws<BadInputException>(() => Identity()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cascade_has_the_parts_of_its_stages()
    {
        ModelIdentity first = Of([SmallCascade.Stages[0]]), both = Of(SmallCascade.Stages);
        Assert.Equal(["scheduler", "text_encoder", "tokenizer", "unet"], first.Parts.Keys);
        Assert.Equal(["2/image_noising_scheduler", "2/scheduler", "2/unet"], both.Parts.Keys.Except(first.Parts.Keys));
        Assert.NotEqual(first.Sha256, both.Sha256);
        Assert.Equal(both.Sha256, Of([Reference.PathOf("if")]).Sha256);
    }

    [Fact]
    public void What_was_hashed_before_is_not_read_again_until_the_file_changes()
    {
        string path = _folder["digests.json"];
        DigestCache cache = DigestCache.Load(path);
        ModelIdentity before = Of([_folder.Path], cache);
        Assert.True(cache.HasChanged);
        cache.Save(path);

        // The same size and time, other bytes: only the cache can say what it was.
        DateTime written = File.GetLastWriteTimeUtc(_folder[UNet]);
        byte[] bytes = File.ReadAllBytes(_folder[UNet]);
        bytes[^1] ^= 1;
        File.WriteAllBytes(_folder[UNet], bytes);
        File.SetLastWriteTimeUtc(_folder[UNet], written);
        DigestCache again = DigestCache.Load(path);
        Assert.Equal(before.Sha256, Of([_folder.Path], again).Sha256);
        Assert.False(again.HasChanged);

        File.SetLastWriteTimeUtc(_folder[UNet], written.AddSeconds(1));
        Assert.NotEqual(before.Sha256, Of([_folder.Path], again).Sha256);
        Assert.True(again.HasChanged);
    }

    [Theory]
    [InlineData("no JSON {")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"Version\": 7, \"Files\": {}}")]
    [InlineData("{\"Version\": 1, \"Files\": null}")]
    [InlineData("{\"Version\": 1, \"Files\": {\"FILE\": null}}")]
    [InlineData("{\"Version\": 1, \"Files\": {\"FILE\": {\"Size\": 1, \"Changed\": 1, \"Tensors\": null}}}")]
    [InlineData("{\"Version\": 1, \"Files\": {\"FILE\": {\"Size\": 1, \"Changed\": 1, \"Tensors\": {\"a\": \"xyz\"}}}}")]
    public void With_a_damaged_cache_all_is_hashed_again(string content)
    {
        Write("digests.json", content.Replace("FILE", JsonEncodedText.Encode(_folder[UNet]).ToString(), StringComparison.Ordinal));
        DigestCache cache = DigestCache.Load(_folder["digests.json"]);
        Assert.Equal(Identity(), Of([_folder.Path], cache).Sha256);
        Assert.True(cache.HasChanged);
    }

    private string Identity(string? variant = null) => Of([_folder.Path], null, variant).Sha256;

    private static ModelIdentity Of(IReadOnlyList<string> folders, DigestCache? cache = null, string? variant = null)
        => ModelFamily.Of(folders).Identity(folders, new LoadOptions(Variant: variant), cache ?? new DigestCache());

    private void Write(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllText(_folder[file], content);
    }

    private void Change(string file, string key, string value)
    {
        JsonObject config = JsonSerializer.Deserialize<JsonObject>(File.ReadAllText(_folder[file]))!;
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(_folder[file], config.ToJsonString());
    }
}
