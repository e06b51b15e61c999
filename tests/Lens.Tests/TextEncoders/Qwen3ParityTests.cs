using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.TextEncoders;

public sealed class Qwen3ParityTests
{
    private static readonly Agreement[] Agreements =
    [
        new(Reference.Double, ScalarType.Float64, 1e-10),
        new(Reference.AsTheyAre, ScalarType.Float64, 2e-6),
        new(Reference.AsTheyAre, ScalarType.Float32, 1e-4),
    ];

    public static TheoryData<string, int, Agreement> Cases
    {
        get
        {
            TheoryData<string, int, Agreement> cases = [];
            foreach (Agreement agreement in Agreements)
            {
                cases.Add("klein", 30, agreement);
                cases.Add("zimage", 6, agreement);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_state_and_the_norm_of_the_last_are_those_of_transformers(string model, int layers, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> inputs = Reference.Load(model, "text"), expected = Reference.Load(model, "text", agreement.Precision);
        Qwen3Model encoder = Encoder(Reference.PathOf(model, "text_encoder"), layers, agreement.DType);
        TextTrace trace = encoder.Trace(inputs["input_ids"], inputs["attention_mask"]);
        Assert.Equal(layers, trace.LayerCount);
        AssertStates(trace, expected, agreement.Relative);
        if (expected.TryGetValue("last_hidden_state", out Tensor? last))
        {
            TensorAssert.Close(encoder.FinalNorm(trace.HiddenStates[^1]), last, agreement.Relative, "ln_f(h^L)");
        }
    }

    [Fact]
    public void Every_block_of_a_prompt_is_transformers()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("klein", "text_layers");
        Qwen3Model encoder = Encoder(Reference.PathOf("klein", "text_encoder"), 30, ScalarType.Float64);
        Assert.Equal(31, AssertStates(encoder.Trace(expected["input_ids"], expected["attention_mask"]), expected, 2e-6));
    }

    [Fact]
    public void Shards_in_bfloat16_with_a_head_of_their_own_give_states_and_predictions_of_transformers()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("klein", "text_sharded_bf16");
        string folder = Reference.PathOf("klein", "text_encoder_sharded_bf16");
        Qwen3Model encoder = Encoder(folder, 3, ScalarType.Float64);
        TextTrace trace = encoder.Trace(expected["input_ids"], expected["attention_mask"]);
        Assert.Equal(4, AssertStates(trace, expected, 2e-6));
        Tensor normed = encoder.FinalNorm(trace.HiddenStates[^1]), head = empty(500, 16, dtype: ScalarType.Float64);
        TensorAssert.Close(normed, expected["last_hidden_state"], 2e-6);
        using WeightFiles files = WeightFiles.Open(folder);
        files.CopyTo("lm_head.weight", head);
        TensorAssert.Close(normed.narrow(1, 39, 1).matmul(head.t()), expected["logits"], 2e-6);
    }

    [Theory]
    [InlineData("text_encoder", 5)]
    [InlineData("text_encoder_sharded_bf16", 2)]
    public void The_first_blocks_alone_give_the_same_states(string part, int blocks)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("klein", part == "text_encoder" ? "text_layers" : "text_sharded_bf16");
        Qwen3Model encoder = Encoder(Reference.PathOf("klein", part), blocks, ScalarType.Float64);
        TextTrace trace = encoder.Trace(expected["input_ids"], expected["attention_mask"]);
        Assert.Equal(blocks, trace.LayerCount);
        Assert.Equal(blocks + 1, AssertStates(trace, expected, 2e-6));
        Assert.DoesNotContain(
            encoder.named_parameters(), parameter => parameter.name.StartsWith($"layers.{blocks}.", StringComparison.Ordinal));
    }

    [Fact]
    public void Tokens_before_padding_are_what_they_are_without_it()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("zimage", "text");
        Qwen3Model encoder = Encoder(Reference.PathOf("zimage", "text_encoder"), 5, ScalarType.Float64);
        for (int prompt = 0; prompt < 4; prompt++)
        {
            Tensor states = expected[$"prompt_embeds.{prompt}"];
            Tensor ids = expected["input_ids"].narrow(0, prompt, 1).narrow(1, 0, states.shape[0]);
            TensorAssert.Close(encoder.Trace(ids, attentionMask: null).HiddenStates[^1].squeeze(0), states, 2e-6);
        }
    }

    [Fact]
    public void Bfloat16_gives_the_same_states_roughly()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("zimage", "text");
        Tensor last = Encoder(Reference.PathOf("zimage", "text_encoder"), 5, ScalarType.BFloat16)
            .Trace(expected["input_ids"], expected["attention_mask"]).HiddenStates[^1];
        Assert.Equal(ScalarType.BFloat16, last.dtype);
        Assert.InRange(TensorAssert.RelativeError(last, expected["hidden_states.5"]), 1e-6, 0.05);
    }

    [Theory]
    [InlineData("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3", "no multiple of num_key_value_heads 3")]
    [InlineData("\"hidden_act\": \"silu\"", "\"hidden_act\": \"gelu\"", "hidden_act")]
    [InlineData("\"rope_scaling\": null", "\"rope_scaling\": {\"rope_type\": \"yarn\"}", "rope_type")]
    [InlineData("\"use_sliding_window\": false", "\"use_sliding_window\": true", "use_sliding_window")]
    [InlineData("\"head_dim\": 8", "\"head_dim\": 7", "head_dim 7")]
    public void What_a_config_asks_for_that_is_not_supported_is_named(string right, string wrong, string error)
    {
        string text = File.ReadAllText(Path.Combine(Reference.PathOf("klein", "text_encoder"), "config.json"));
        Assert.Contains(right, text, StringComparison.Ordinal);
        BadInputException refused = Assert.Throws<BadInputException>(() => Parsed(text.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Newer_configs_hold_theta_among_rope_parameters()
        => Assert.Equal(5e5, Parsed("""{"rope_parameters": {"rope_theta": 500000.0, "rope_type": "default"}}""").RotaryTheta);

    private static Qwen3Config Parsed(string json)
        => Qwen3Config.Parse(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(json), "config.json");

    internal static Qwen3Model Encoder(string folder, int blocks, ScalarType dtype)
    {
        string path = Path.Combine(folder, "config.json");
        Qwen3Model encoder = new(Qwen3Config.Parse(ConfigFile.ReadObject(path), path), blocks, new Placement(dtype, CPU));
        using WeightFiles weights = WeightFiles.Open(folder);
        weights.LoadInto(encoder);
        return encoder;
    }

    private static int AssertStates(TextTrace trace, Dictionary<string, Tensor> expected, double relative)
    {
        int checkedStates = 0;
        for (int layer = 0; layer <= trace.LayerCount; layer++)
        {
            if (expected.TryGetValue($"hidden_states.{layer}", out Tensor? state))
            {
                TensorAssert.Close(trace.HiddenStates[layer], state, relative, $"h^{layer}");
                checkedStates++;
            }
        }

        return checkedStates;
    }
}
