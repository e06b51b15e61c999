using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.TextEncoders;

/// <summary>Qwen2.5-VL's language part, against transformers.</summary>
public sealed class Qwen25VLParityTests
{
    private const int Layers = 5, Dropped = 34;

    public static TheoryData<Agreement> Agreements => new()
    {
        new(Reference.Double, ScalarType.Float64, 1e-12),
        new(Reference.AsTheyAre, ScalarType.Float64, 2e-6),
        new(Reference.AsTheyAre, ScalarType.Float32, 1e-4),
    };

    [Theory]
    [MemberData(nameof(Agreements))]
    public void Every_state_and_the_norm_of_the_last_are_those_of_transformers(Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("qwen_image", "text", agreement.Precision);
        Qwen3Model encoder = Encoder(agreement.DType);
        TextTrace trace = encoder.Trace(expected["input_ids"], expected["attention_mask"], Layers, EncoderRun.Native);
        Assert.Equal(Layers, trace.LayerCount);

        // Padding, which nothing reads, has position 1 there.
        Tensor written = expected["attention_mask"].unsqueeze(-1).to(agreement.DType);
        foreach (int layer in Enumerable.Range(0, Layers + 1).Where(layer => expected.ContainsKey($"hidden_states.{layer}")))
        {
            Same(trace.HiddenStates[layer], expected[$"hidden_states.{layer}"], $"h^{layer}");
        }

        Same(encoder.FinalNorm(trace.HiddenStates[^1]), expected["last_hidden_state"], "ln_f(h^L)");

        void Same(Tensor ours, Tensor theirs, string name)
            => TensorAssert.Close(ours.mul(written), theirs.mul(written), agreement.Relative, name);
    }

    [Fact]
    public void A_prompt_by_itself_has_the_rows_that_it_has_in_a_batch()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("qwen_image", "text", Reference.Double);
        Qwen3Model encoder = Encoder(ScalarType.Float64);
        for (int prompt = 0; prompt < 4; prompt++)
        {
            long rows = expected["prompt_embeds_mask"][prompt].sum().item<long>();
            Tensor ids = expected["input_ids"].narrow(0, prompt, 1).narrow(1, 0, Dropped + rows);
            TextTrace trace = encoder.Trace(ids, attentionMask: null, Layers, EncoderRun.Native);
            Tensor kept = encoder.FinalNorm(trace.HiddenStates[^1]).narrow(1, Dropped, rows);
            TensorAssert.Close(kept, expected["prompt_embeds"].narrow(0, prompt, 1).narrow(1, 0, rows), 1e-12);
        }
    }

    [Fact]
    public void A_config_may_have_the_language_part_at_its_top_and_positions_of_either_name()
    {
        string text = File.ReadAllText(ConfigPath), flat = System.Text.Json.Nodes.JsonNode.Parse(text)!["text_config"]!.ToJsonString()
            .Replace("qwen2_5_vl_text", "qwen2_5_vl", StringComparison.Ordinal);
        Qwen3Config nested = Parsed(text);
        Assert.Equal(nested, Parsed(flat));
        Assert.Equal(nested, Parsed(flat.Replace("\"type\":\"default\"", "\"type\":\"mrope\"", StringComparison.Ordinal)));
        Assert.Equal((8, 1e6, 2), (nested.HeadWidth, nested.RotaryTheta, nested.KeyHeadCount));
    }

    [Theory]
    [InlineData("\"num_attention_heads\": 4", "\"num_attention_heads\": 3", "hidden_size 32 is to be shared by 3 heads")]
    [InlineData("\"use_sliding_window\": false", "\"use_sliding_window\": true", "text_config: use_sliding_window")]
    [InlineData("\"rope_type\": \"default\"", "\"rope_type\": \"yarn\"", "rope_type")]
    [InlineData("\"model_type\": \"qwen2_5_vl\",\n  \"text", "\"model_type\": \"qwen2_vl\",\n  \"text", "model_type")]
    public void What_a_config_asks_for_that_is_not_supported_is_named(string right, string wrong, string error)
    {
        string text = File.ReadAllText(ConfigPath);
        Assert.Contains(right, text, StringComparison.Ordinal);
        BadInputException refused = Assert.Throws<BadInputException>(() => Parsed(text.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    private static string ConfigPath => Path.Combine(Reference.PathOf("qwen_image", "text_encoder"), "config.json");

    private static Qwen3Config Parsed(string json)
        => Qwen25VLConfig.Parse(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(json), "config.json");

    private static Qwen3Model Encoder(ScalarType dtype)
    {
        Qwen3Model encoder = new(Qwen25VLConfig.Parse(ConfigFile.ReadObject(ConfigPath), ConfigPath), Layers, new Placement(dtype, CPU));
        using WeightFiles weights = WeightFiles.Open(Reference.PathOf("qwen_image", "text_encoder"));
        weights.LoadInto(encoder);
        return encoder;
    }
}
