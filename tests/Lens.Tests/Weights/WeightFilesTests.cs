using DiffusionLens.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DiffusionLens.Tests.Weights;

public sealed class WeightFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("diffusion_pytorch_model.safetensors")]
    public void A_single_file_is_found_under_both_libraries_names(string name)
    {
        Write(name, ("weight", arange(6, ScalarType.Float32).view(2, 3)), ("bias", arange(2, ScalarType.Float32)));
        using Linear linear = Linear(3, 2);
        Load(linear);
        Assert.Equal([0f, 1, 2, 3, 4, 5], linear.weight!.data<float>().ToArray());
        Assert.Equal([0f, 1], linear.bias!.data<float>().ToArray());
    }

    [Theory]
    [InlineData(ScalarType.Float16, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float64)]
    [InlineData(ScalarType.Float32, ScalarType.Float16)]
    [InlineData(ScalarType.Float16, ScalarType.Float16)]
    public void Weights_become_the_modules_type(ScalarType inFile, ScalarType inModule)
    {
        Write("model.safetensors", ("weight", arange(6, inFile).view(2, 3)), ("bias", arange(2, inFile)));
        using Linear linear = Linear(3, 2, dtype: inModule);
        Load(linear);
        using Tensor expected = arange(6, inModule).view(2, 3);
        Assert.Equal(inModule, linear.weight!.dtype);
        Assert.True(linear.weight.bytes.SequenceEqual(expected.bytes));
    }

    [Fact]
    public void A_variant_is_taken_where_it_is_and_the_plain_file_where_it_is_not()
    {
        Write("model.safetensors", ("weight", ones(1, 1)));
        Write("model.fp16.safetensors", ("weight", full(1, 1, 2, ScalarType.Float16)));
        Assert.Equal(1, LoadedNumber());
        Assert.Equal(2, LoadedNumber("fp16"));
        Assert.Equal(1, LoadedNumber("ema"));
        using WeightFiles fallback = WeightFiles.Open(_folder.Path, "ema"), found = WeightFiles.Open(_folder.Path, "fp16");
        Assert.Null(fallback.Variant);
        Assert.Equal("fp16", found.Variant);
    }

    [Theory]
    [InlineData("fp16")]
    [InlineData("bf16")]
    [InlineData("fp16", "non_ema")]
    public void Where_there_is_no_plain_file_the_one_variant_of_another_type_is_taken(string variant, params string[] beside)
    {
        Write($"diffusion_pytorch_model.{variant}.safetensors", ("weight", ones(1, 1)));
        foreach (string other in beside)
        {
            Write($"diffusion_pytorch_model.{other}.safetensors", ("weight", zeros(1, 1)));
        }

        Assert.Equal(1, LoadedNumber());
    }

    [Fact]
    public void Of_several_variants_none_is_taken_unasked()
    {
        Write("model.fp16.safetensors", ("weight", ones(1, 1)));
        Write("model.bf16.safetensors", ("weight", ones(1, 1)));
        AssertRefused("only as variants bf16, fp16", "--variant bf16");
    }

    [Fact]
    public void A_variants_letter_case_does_not_matter()
    {
        Write("model.safetensors", ("weight", zeros(1, 1)));
        Write("model.fp16.safetensors", ("weight", ones(1, 1)));
        Assert.Equal(1, LoadedNumber("FP16"));
    }

    [Fact]
    public void What_is_not_read_is_listed_with_the_reason()
    {
        string[] others =
        [
            "model.fp16.safetensors", "model.non_ema.safetensors", "model.safetensors.index.json", "model-00001-of-00002.safetensors",
            "pytorch_model.bin", "openvino_model.bin", "flax_model.msgpack", "adapter.safetensors",
        ];
        Write("model.safetensors", ("weight", ones(1, 1)));
        Array.ForEach(others, name => File.WriteAllText(_folder[name], ""));
        File.WriteAllText(_folder["config.json"], "{}");
        using WeightFiles files = WeightFiles.Open(_folder.Path);
        Dictionary<string, string> ignored = files.IgnoredFiles.ToDictionary(item => item.Name, item => item.Reason);
        Assert.Equal(others.Order(StringComparer.Ordinal), ignored.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("another type of the weights; --variant fp16 takes it", ignored["model.fp16.safetensors"]);
        Assert.Equal("other weights; --variant non_ema takes them", ignored["model.non_ema.safetensors"]);
        Assert.Equal("model.safetensors is taken", ignored["model.safetensors.index.json"]);
        Assert.StartsWith("a pickle", ignored["pytorch_model.bin"], StringComparison.Ordinal);
        Assert.Equal("OpenVINO's weights", ignored["openvino_model.bin"]);
    }

    [Theory]
    [InlineData(null, "model.safetensors.index.json", "model-0000{0}-of-00002.safetensors")]
    [InlineData("fp16", "diffusion_pytorch_model.safetensors.index.fp16.json", "diffusion_pytorch_model.fp16-0000{0}-of-00002.safetensors")]
    [InlineData("fp16", "diffusion_pytorch_model.safetensors.index.fp16.json", "diffusion_pytorch_model-0000{0}-of-00002.fp16.safetensors")]
    [InlineData("fp16", "diffusion_pytorch_model.fp16.safetensors.index.json", "model.fp16-0000{0}-of-00002.safetensors")]
    [InlineData(null, "model.safetensors.index.fp16.json", "model.fp16-0000{0}-of-00002.safetensors")]
    public void Shards_are_read_through_their_index(string? variant, string index, string shard)
    {
        WriteShards(index, shard);
        using Linear linear = Linear(3, 2);
        Load(linear, variant);
        Assert.Equal([0f, 1, 2, 3, 4, 5], linear.weight!.data<float>().ToArray());
        Assert.Equal([7f, 7], linear.bias!.data<float>().ToArray());
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        WriteShards("model.safetensors.index.json", "model-0000{0}-of-00002.safetensors");
        File.Delete(_folder["model-00002-of-00002.safetensors"]);
        AssertRefused("1 of 2 shards are not there: model-00002-of-00002.safetensors");
    }

    [Theory]
    [InlineData("model.fp16.safetensors")]
    [InlineData("model.fp16-00001-of-00001.safetensors", "model.safetensors.index.fp16.json")]
    public void Where_the_plain_index_has_no_shards_the_one_variant_that_is_whole_is_taken(string file, string? index = null)
    {
        WriteIndexAlone();
        Write(file, ("weight", ones(1, 1)));
        if (index is not null)
        {
            File.WriteAllText(_folder[index], $$"""{"weight_map": {"weight": "{{file}}"} }""");
        }

        Assert.Equal(1, LoadedNumber());
        using WeightFiles files = WeightFiles.Open(_folder.Path);
        Assert.Equal("fp16", files.Variant);
        Assert.Equal(
            "not all of the plain weights are there; variant fp16 is taken",
            Assert.Single(files.IgnoredFiles, item => item.Name == "model.safetensors.index.json").Reason);
    }

    [Theory]
    [InlineData("bf16", "model.bf16.safetensors", "model.fp16.safetensors")]
    [InlineData("fp16", "model-00001-of-00002.safetensors", "model.fp16.safetensors")]
    public void Where_shards_are_missing_and_nothing_decides_the_error_names_a_variant_that_is_whole(
        string variant, params string[] there)
    {
        WriteIndexAlone();
        Array.ForEach(there, file => Write(file, ("weight", ones(1, 1))));
        AssertRefused(
            "of 2 shards are not there: ",
            $"; get them from where the index came from, or take the variant that is there: --variant {variant}");
    }

    [Fact]
    public void A_variant_that_is_not_whole_either_is_no_way_out()
    {
        WriteIndexAlone();
        File.WriteAllText(
            _folder["model.safetensors.index.fp16.json"], """{"weight_map": {"weight": "model.fp16-00001-of-00001.safetensors"}}""");
        BadInputException refusal = Assert.Throws<BadInputException>(() => WeightFiles.Open(_folder.Path));
        Assert.EndsWith("get them from where the index came from", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_without_an_index_are_told_from_nothing()
    {
        WriteShards("model.safetensors.index.json", "model-0000{0}-of-00002.safetensors");
        File.Delete(_folder["model.safetensors.index.json"]);
        AssertRefused("has shards (model-00001-of-00002.safetensors), but not model.safetensors.index.json");
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("model.safetensors.index.json")]
    public void A_pointer_of_git_LFS_is_told_with_what_fetches_it(string name)
    {
        File.WriteAllText(
            _folder[name], "version https://git-lfs.github.com/spec/v1\noid sha256:19da7aaa4b88\nsize 3438167540\n");
        AssertRefused("is a git LFS pointer, which stands for a file of 3438167540 bytes", "git lfs pull");
    }

    [Fact]
    public void A_link_to_nothing_is_told_with_where_it_leads()
    {
        File.CreateSymbolicLink(_folder["model.safetensors"], "../blobs/0000");
        AssertRefused("model.safetensors: is a link to", "0000, where there is no file");
    }

    [Theory]
    [InlineData("""{"metadata": {}}""", "must hold a \"weight_map\"")]
    [InlineData("""{"weight_map": {"a": 1}}""", "must hold a \"weight_map\"")]
    [InlineData("""{"weight_map": {"a": "../elsewhere.safetensors"}}""", "no .safetensors file beside it")]
    [InlineData("""{"weight_map": {"a": "model.bin"}}""", "no .safetensors file beside it")]
    [InlineData("""{"weight_map": {"no.such": "good.safetensors"}}""", "lacks tensor 'no.such'")]
    [InlineData("""{"weight_map": {"weight": "good.safetensors", "bias": "same.safetensors"}}""", "is in good.safetensors too")]
    [InlineData("""{"weight_map": """, "model.safetensors.index.json:1:16: is not JSON")]
    public void An_index_that_is_not_in_order_is_refused(string index, string error)
    {
        Write("good.safetensors", ("weight", ones(1, 1)));
        Write("same.safetensors", ("weight", ones(1, 1)), ("bias", ones(1)));
        File.WriteAllText(_folder["model.safetensors.index.json"], index);
        AssertRefused(error);
    }

    [Theory]
    [InlineData("diffusion_pytorch_model.bin")]
    [InlineData("pytorch_model.bin")]
    [InlineData("sd-v1-4.ckpt")]
    public void Pickles_are_refused_with_the_reason_and_the_way_out(string name)
    {
        File.WriteAllBytes(_folder[name], [1, 2, 3]);
        AssertRefused(name, "run any code", "safe_serialization=True");
    }

    [Fact]
    public void A_folder_without_weights_is_refused()
    {
        AssertRefused("has no diffusion_pytorch_model.safetensors or model.safetensors");
        BadInputException refusal = Assert.Throws<BadInputException>(() => WeightFiles.Open(_folder["nowhere"]));
        Assert.Contains("no such folder", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_unknown_and_misshapen_tensors_are_all_named_and_nothing_is_copied()
    {
        Write("model.safetensors", ("0.weight", ones(2, 3)), ("0.bias", ones(3)), ("1.weight", ones(1, 2)), ("extra", ones(1)));
        using Sequential module = Sequential(Linear(3, 2), Linear(2, 1));
        Dictionary<string, Tensor> state = module.state_dict();
        foreach (Tensor tensor in state.Values)
        {
            using (no_grad())
            {
                tensor.zero_();
            }
        }

        BadInputException refusal = Assert.Throws<BadInputException>(() => Load(module));
        Assert.Contains("1 tensor missing (1.bias)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("1 tensor unknown to it (extra)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("1 tensor of another shape or type (0.bias is [3], should be [2])", refusal.Message, StringComparison.Ordinal);
        Assert.All(state.Values, tensor => Assert.Equal(0, tensor.abs().sum().ToDouble()));
    }

    [Fact]
    public void A_long_list_of_complaints_is_cut_and_counted()
    {
        Write("model.safetensors");
        using Sequential module = Sequential(Linear(3, 2), Linear(2, 1), Linear(1, 1));
        BadInputException refusal = Assert.Throws<BadInputException>(() => Load(module));
        Assert.Contains("6 tensors missing (0.weight, 0.bias, 1.weight, and 3 more)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_numbers_are_not_taken_for_weights()
    {
        Write("model.safetensors", ("weight", ones(1, 1, ScalarType.Int8)));
        using Linear linear = Linear(1, 1, hasBias: false);
        BadInputException refusal = Assert.Throws<BadInputException>(() => Load(linear));
        Assert.Contains("weight is Int8, should be Float32", refusal.Message, StringComparison.Ordinal);
    }

    private void Write(string file, params (string Name, Tensor Tensor)[] tensors) =>
        SafetensorsWriter.Write(_folder[file], tensors.ToDictionary(pair => pair.Name, pair => pair.Tensor));

    private void WriteShards(string index, string shard)
    {
        string first = string.Format(null, shard, 1), second = string.Format(null, shard, 2);
        Write(first, ("weight", arange(6, ScalarType.Float32).view(2, 3)));
        Write(second, ("bias", full(2, 7, ScalarType.Float32)));
        File.WriteAllText(_folder[index], $$"""{"weight_map": {"weight": "{{first}}", "bias": "{{second}}"} }""");
    }

    /// <summary>As it comes along where <c>*.json</c> is downloaded.</summary>
    private void WriteIndexAlone()
    {
        const string Shards = "model.safetensors.index.json", Shard = "model-0000{0}-of-00002.safetensors";
        WriteShards(Shards, Shard);
        File.Delete(_folder[string.Format(null, Shard, 1)]);
        File.Delete(_folder[string.Format(null, Shard, 2)]);
    }

    private void Load(Module module, string? variant = null)
    {
        using WeightFiles files = WeightFiles.Open(_folder.Path, variant);
        files.LoadInto(module);
    }

    private double LoadedNumber(string? variant = null)
    {
        using Linear linear = Linear(1, 1, hasBias: false);
        Load(linear, variant);
        return linear.weight!.ToDouble();
    }

    private void AssertRefused(params string[] errors)
    {
        BadInputException refusal = Assert.Throws<BadInputException>(() => WeightFiles.Open(_folder.Path));
        Assert.StartsWith(_folder.Path, refusal.Message, StringComparison.Ordinal);
        Assert.All(errors, error => Assert.Contains(error, refusal.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
