using System.Diagnostics;
using System.Text.Json.Nodes;
using DiffusionLens.Configs;
using DiffusionLens.Pipelines;
using DiffusionLens.Tests.Pipelines;
using DiffusionLens.Weights;

namespace DiffusionLens.Tests.Configs;

/// <summary>Configs that once aborted the process, took minutes or gigabytes, and what is said of them.</summary>
public sealed class FaultyConfigTests
{
    [Theory]
    [InlineData("vae", "layers_per_block", "-1", "layers_per_block is -1; it must be a whole number, 1 to 1000")]
    [InlineData("vae", "block_out_channels", "[]", "block_out_channels has 0 entries; it must have 1 to 10")]
    [InlineData("unet", "layers_per_block", "-1", "layers_per_block is -1; it must be a whole number, 1 to 1000")]
    [InlineData("unet", "block_out_channels", "[1000000, 64]", "block_out_channels is 1000000; by the weights it must be 32")]
    [InlineData("unet", "block_out_channels", "[-1, 64]", "block_out_channels is -1; it must be a whole number, 1 to 1000000")]
    [InlineData("vae", "block_out_channels", "[-1, 64]", "block_out_channels is -1; it must be a whole number, 1 to 1000000")]
    [InlineData("text_encoder", "max_position_embeddings", "2147483647", "max_position_embeddings is 2147483647; it must be")]
    [InlineData("vae", "norm_num_groups", "0", "norm_num_groups is 0; it must be a whole number, 1 to 1000000")]
    [InlineData("unet", "attention_head_dim", "0", "attention_head_dim is 0; it must be a whole number, 1 to 1000")]
    [InlineData("vae", "out_channels", "-1", "out_channels is -1; it must be a whole number, 1 to 10000")]
    [InlineData("vae", "block_out_channels", "[32, -1]", "block_out_channels is -1; it must be a whole number, 1 to 1000000")]
    [InlineData("unet", "sample_size", "1000000", "sample_size is 1000000; it must be a whole number, 1 to 4096")]
    [InlineData("scheduler", "beta_start", "0.5", "beta_start, beta_end or trained_betas are too large")]
    [InlineData("text_encoder", "num_hidden_layers", "1000000", "num_hidden_layers is 1000000; it must be a whole number, 1 to 1000")]
    [InlineData("text_encoder", "intermediate_size", "-1", "intermediate_size is -1; it must be a whole number, 1 to 1000000")]
    [InlineData("scheduler", "beta_start", "65537", "beta_start is 65537; it must be a number above 0, at most 0.9999")]
    [InlineData("vae", "layers_per_block", "2147483647", "layers_per_block is 2147483647; it must be a whole number, 1 to 1000")]
    [InlineData("unet", "layers_per_block", "2147483647", "layers_per_block is 2147483647; it must be a whole number, 1 to 1000")]
    [InlineData("unet", "layers_per_block", "[2147483647, 2147483647]", "layers_per_block is 2147483647; it must be a whole number")]
    [InlineData("scheduler", "num_train_timesteps", "2147483647", "num_train_timesteps is 2147483647; it must be a whole number")]
    [InlineData("text_encoder", "num_hidden_layers", "2147483647", "num_hidden_layers is 2147483647; it must be a whole number, 1 to 1000")]
    [InlineData("unet", "layers_per_block", "65537", "layers_per_block is 65537; it must be a whole number, 1 to 1000")]
    [InlineData("unet", "layers_per_block", "1000", "layers_per_block is 1000, which makes a network of more tensors than")]
    [InlineData("text_encoder", "num_hidden_layers", "900", "num_hidden_layers is 900, which makes a network of more tensors than")]
    [InlineData("text_encoder", "intermediate_size", "1000000", "intermediate_size is 1000000; by the weights it must be")]
    [InlineData("text_encoder", "hidden_size", "33", "hidden_size has 33, which is no multiple of num_attention_heads, 4")]
    [InlineData("unet", "norm_num_groups", "5", "block_out_channels has 32, which is no multiple of norm_num_groups, 5")]
    public void A_number_that_makes_no_model_is_refused_by_key_value_and_what_is_allowed(
        string part, string key, string value, string error)
    {
        using TemporaryFolder folder = SmallFlow.Copy("sd1");
        string path = folder[$"{part}/{(part == "scheduler" ? "scheduler_config" : "config")}.json"];
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(path, config.ToJsonString());

        BadInputException refused = Assert.Throws<BadInputException>(() =>
        {
            using TextToImageModel model = TextToImageModel.Load(folder.Path);
            using PromptEncoding encoding = new Lens(model).Encode("a cat");
            new Lens(model).Images(encoding, [new LensSite(1)], [0], new SamplerSettings { Steps = 2 });
        });

        Assert.StartsWith($"{path}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a": 1, "a": 2}""", "'a'")]
    [InlineData("""{"a": {"b": 1, "b": 1}}""", "'b'")]
    [InlineData("""{"a": "\ud800"}""", ":1:8: is not JSON: \\ud800 is half of a surrogate pair")]
    [InlineData("""{"\udc00": 1}""", ":1:3: is not JSON: \\udc00 is half of a surrogate pair")]
    [InlineData("[1]", ": holds no JSON object, but Array")]
    [InlineData("{\"a\": NaNaN}", ": is not JSON (")]
    public void What_is_no_object_of_keys_that_come_once_is_refused_in_a_line(string json, string error)
    {
        string message = Assert.Throws<BadInputException>(() => ConfigFile.ParseObject(json, "config.json")).Message;
        Assert.StartsWith("config.json:", message, StringComparison.Ordinal);
        Assert.Contains(error, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Bare_numbers_of_Python_are_read_beside_strings_that_look_like_them()
        => Assert.Equal(
            """{"a":"-Infinity","b":["NaN","Infinity"],"c":"NaN \" -Infinity","d":-1,"e":"\uD83D\uDE00"}""",
            System.Text.Json.JsonSerializer.Serialize(ConfigFile.ParseObject(
                """{"a": -Infinity, "b": [NaN, Infinity], "c": "NaN \" -Infinity", "d": -1, "e": "\ud83d\ude00"}""", "config.json"))
                .Replace("\\u0022", "\\\"", StringComparison.Ordinal));

    [Fact]
    public void A_megabyte_of_escaped_quotes_is_read_in_linear_time()
    {
        string text = $"{{\"x\": \"{string.Concat(Enumerable.Repeat("\\\"", 1 << 20))}\", \"y\": NaN}}", open = text[..^40];
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal("NaN", ConfigFile.ParseObject(text, "config.json").GetProperty("y").GetString());
        Assert.Throws<BadInputException>(() => ConfigFile.ParseObject(open, "config.json"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"it took {watch.Elapsed}");
    }

    [Fact]
    public void A_file_larger_than_any_config_is_not_read()
    {
        using TemporaryFolder folder = new();
        using (FileStream file = File.Create(folder["config.json"]))
        {
            file.SetLength(ConfigFile.LargestBytes + 1);
        }

        string message = Assert.Throws<BadInputException>(() => ConfigFile.ReadObject(folder["config.json"])).Message;
        Assert.Contains("at most", message, StringComparison.Ordinal);
    }
}
