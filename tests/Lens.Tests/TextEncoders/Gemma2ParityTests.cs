using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.TextEncoders;

public sealed class Gemma2ParityTests
{
    private static readonly Agreement[] Agreements =
    [
        new(Reference.Double, ScalarType.Float64, 1e-10),
        new(Reference.AsTheyAre, ScalarType.Float64, 1e-5),
        new(Reference.AsTheyAre, ScalarType.Float32, 1e-4),
    ];

    public static TheoryData<bool, Agreement> Cases
    {
        get
        {
            TheoryData<bool, Agreement> cases = [];
            foreach (Agreement agreement in Agreements)
            {
                cases.Add(false, agreement);
                cases.Add(true, agreement);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Kept_columns_are_those_of_transformers_with_and_without_instruction_and_soft_capping(bool softCaps, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("sana", "text", agreement.Precision);
        Gemma2Model encoder = Encoder(Reference.PathOf("sana", "text_encoder"), softCaps, agreement.DType);
        string kind = softCaps ? "capped." : "";
        TextTrace trace = encoder.Trace(expected["input_ids"], expected["attention_mask"]);
        TextTrace plain = encoder.Trace(expected["plain.input_ids"], expected["plain.attention_mask"]);
        AssertStates(Kept(trace, expected["selected"]), expected, kind, agreement.Relative);
        AssertStates(plain.HiddenStates, expected, softCaps ? "none." : "plain.", agreement.Relative);
        Tensor last = encoder.FinalNorm(trace.HiddenStates[^1]).index_select(1, expected["selected"]);
        TensorAssert.Close(last, expected[$"{kind}prompt_embeds"], agreement.Relative, "with an instruction");
        TensorAssert.Close(
            encoder.FinalNorm(plain.HiddenStates[^1]), expected[$"{kind}plain.prompt_embeds"], agreement.Relative, "without one");
    }

    [Fact]
    public void Every_column_of_a_prompt_is_transformers_padding_too()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("sana", "text_full"), text = Reference.Load("sana", "text");
        Gemma2Model encoder = Encoder(Reference.PathOf("sana", "text_encoder"), softCaps: false, ScalarType.Float64);
        TextTrace trace = encoder.Trace(text["input_ids"].narrow(0, 0, 1), text["attention_mask"].narrow(0, 0, 1));
        foreach (int layer in new[] { 0, 1, 2, 6 })
        {
            TensorAssert.Close(trace.HiddenStates[layer].squeeze(0), expected[$"hidden_states.{layer}"], 1e-5, $"h^{layer}");
        }

        TensorAssert.Close(encoder.FinalNorm(trace.HiddenStates[^1]).squeeze(0), expected["last_hidden_state"], 1e-5, "ln_f(h^L)");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Padding_beyond_the_window_is_no_NaN_and_changes_no_token(bool softCaps)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> text = Reference.Load("sana", "text", Reference.Double);
        Gemma2Model encoder = Encoder(Reference.PathOf("sana", "text_encoder"), softCaps, ScalarType.Float64);
        Tensor ids = nn.functional.pad(text["plain.input_ids"], [0, 100]), mask = nn.functional.pad(text["plain.attention_mask"], [0, 100]);
        Tensor last = encoder.Trace(ids, mask).HiddenStates[^1];
        Tensor seen = text["plain.attention_mask"].unsqueeze(-1).to(ScalarType.Float64);
        Assert.True(last.isfinite().all().item<bool>());
        TensorAssert.Close(
            encoder.FinalNorm(last.narrow(1, 0, 28)).mul(seen),
            text[softCaps ? "capped.plain.prompt_embeds" : "plain.prompt_embeds"].mul(seen),
            1e-10);
    }

    [Fact]
    public void The_embeddings_scale_is_a_number_of_the_networks_type()
    {
        using DisposeScope scope = NewDisposeScope();
        Gemma2Model encoder = Encoder(Reference.PathOf("sana", "text_encoder"), softCaps: false, ScalarType.BFloat16);
        Tensor ids = tensor(new long[] { 5 }, [1, 1]);
        Tensor scaled = encoder.Trace(ids, attentionMask: null).HiddenStates[0].squeeze(0);
        Tensor row = encoder.get_parameter("embed_tokens.weight")!.index_select(0, tensor(new long[] { 5 })).@float();
        Assert.True(row.mul(4.90625f).to(ScalarType.BFloat16).equal(scaled).all().item<bool>());
    }

    [Theory]
    [InlineData("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3", "no multiple of num_key_value_heads 3")]
    [InlineData("\"hidden_activation\": \"gelu_pytorch_tanh\"", "\"hidden_activation\": \"silu\"", "hidden_activation")]
    [InlineData("\"head_dim\": 8", "\"head_dim\": 7", "head_dim 7")]
    [InlineData("\"hidden_size\": 24", "\"hidden_size\": 24, \"layer_types\": [\"full_attention\"]", "layer_types names 1 blocks")]
    [InlineData("\"hidden_size\": 24", "\"hidden_size\": 24, \"layer_types\": [\"chunked\"]", "layer_types has 'chunked'")]
    [InlineData("\"query_pre_attn_scalar\": 12", "\"query_pre_attn_scalar\": 0", "query_pre_attn_scalar")]
    public void What_a_config_asks_for_that_is_not_supported_is_named(string right, string wrong, string error)
    {
        string text = File.ReadAllText(Path.Combine(Reference.PathOf("sana", "text_encoder"), "config.json"));
        Assert.Contains(right, text, StringComparison.Ordinal);
        BadInputException refused = Assert.Throws<BadInputException>(() => Parsed(text.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Which_blocks_have_a_window_is_as_the_config_says_or_every_other_one()
    {
        Assert.Equal([true, false, true], Parsed("""{"num_hidden_layers": 3}""").HasWindow);
        Assert.Equal(
            [false, true],
            Parsed("""{"num_hidden_layers": 2, "layer_types": ["full_attention", "sliding_attention"]}""").HasWindow);
    }

    private static Gemma2Config Parsed(string json) => Gemma2Config.Parse(JsonSerializer.Deserialize<JsonElement>(json), "config.json");

    private static Gemma2Model Encoder(string folder, bool softCaps, ScalarType dtype)
    {
        string path = Path.Combine(folder, "config.json");
        Gemma2Model encoder = new(Gemma2Config.Parse(ConfigFile.ReadObject(path), path), softCaps, new Placement(dtype, CPU));
        using WeightFiles weights = WeightFiles.Open(folder);
        weights.LoadInto(encoder);
        return encoder;
    }

    private static IReadOnlyList<Tensor> Kept(TextTrace trace, Tensor columns)
        => [.. trace.HiddenStates.Select(state => state.index_select(1, columns))];

    private static void AssertStates(IReadOnlyList<Tensor> states, Dictionary<string, Tensor> expected, string kind, double relative)
    {
        for (int layer = 0; layer < states.Count; layer++)
        {
            if (expected.TryGetValue($"{kind}hidden_states.{layer}", out Tensor? state))
            {
                TensorAssert.Close(states[layer].narrow(0, 0, state.shape[0]), state, relative, $"{kind}h^{layer}");
            }
        }
    }
}
