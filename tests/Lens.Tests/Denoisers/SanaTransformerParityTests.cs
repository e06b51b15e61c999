using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Denoisers;

public sealed class SanaTransformerParityTests
{
    public static TheoryData<string, string, Agreement> Cases
    {
        get
        {
            TheoryData<string, string, Agreement> cases = [];
            foreach (string part in new[] { "transformer", "transformer_later" })
            {
                foreach (string name in new[] { "t999", "t321", "per_sample", "fractional", "wide", "no_mask" })
                {
                    cases.Add(part, name, new(Reference.Double, ScalarType.Float64, 1e-10));
                    cases.Add(part, name, new(Reference.Double, ScalarType.Float32, 1e-4));
                    cases.Add(part, name, new(Reference.Double, ScalarType.BFloat16, 0.1));
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_velocity_the_time_and_the_blocks_are_those_of_diffusers(string part, string name, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("sana", part, agreement.Precision);
        SanaTransformer2DModel transformer = Transformer(part, agreement.DType);
        Tensor text = transformer.ProjectText(expected["encoder_hidden_states"].to(agreement.DType));
        Tensor timesteps = expected[$"{name}.timestep"].to(agreement.DType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
        Tensor output = transformer.forward(
            expected[$"{name}.hidden_states"].to(agreement.DType),
            timesteps,
            text,
            name == "no_mask"
                ? null
                : KeyMask.Of(expected["encoder_attention_mask"].logical_not(), double.NegativeInfinity, agreement.DType),
            (block, tokens) => Compare(tokens, $"{name}.block.{block}"));
        Compare(output, $"{name}.output");
        Compare(transformer.Time(timesteps).Embedding, $"{name}.temb");
        Compare(text, "caption");

        void Compare(Tensor made, string tensor)
        {
            if (expected.TryGetValue(tensor, out Tensor? right))
            {
                TensorAssert.Close(made, right, agreement.Relative, tensor);
            }
        }
    }

    [Fact]
    public void Positions_of_later_models_are_those_of_diffusers_and_earlier_ones_have_none()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor expected = Reference.Load("sana", "transformer_later", Reference.Double)["positions.8x8"];
        Tensor made = Transformer("transformer_later", ScalarType.Float64).Positions!.Of(8, 8, new Placement(ScalarType.Float64, CPU));
        TensorAssert.Close(made, expected, 1e-10);
        Assert.Null(Transformer("transformer", ScalarType.Float64).Positions);
    }

    [Theory]
    [InlineData("\"guidance_embeds\": false", "\"guidance_embeds\": true", "guidance_embeds is true")]
    [InlineData("\"patch_size\": 1", "\"patch_size\": 2", "patch_size")]
    [InlineData("\"qk_norm\": null", "\"qk_norm\": \"layer_norm\"", "qk_norm")]
    [InlineData("\"cross_attention_head_dim\": 16", "\"cross_attention_head_dim\": 8", "cross_attention_dim")]
    [InlineData("\"out_channels\": 4", "\"out_channels\": 8", "reads 4 channels and writes 8")]
    public void What_a_config_asks_for_that_is_not_supported_is_named(string right, string wrong, string error)
    {
        string text = File.ReadAllText(Path.Combine(Reference.PathOf("sana", "transformer"), "config.json"));
        Assert.Contains(right, text, StringComparison.Ordinal);
        text = text.Replace(right, wrong, StringComparison.Ordinal);
        BadInputException refused = Assert.Throws<BadInputException>(
            () => SanaTransformerConfig.Parse(JsonSerializer.Deserialize<JsonElement>(text), "config.json"));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    private static SanaTransformer2DModel Transformer(string part, ScalarType dtype)
    {
        string folder = Reference.PathOf("sana", part), path = Path.Combine(folder, "config.json");
        SanaTransformer2DModel model = new(SanaTransformerConfig.Parse(ConfigFile.ReadObject(path), path), new Placement(dtype, CPU));
        using WeightFiles weights = WeightFiles.Open(folder);
        weights.LoadInto(model);
        return model;
    }
}
