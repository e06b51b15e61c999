using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Denoisers;

public sealed class Flux2TransformerParityTests
{
    public static TheoryData<string, Agreement> Cases
    {
        get
        {
            TheoryData<string, Agreement> cases = [];
            foreach (string name in new[] { "t1", "t0.3", "per_sample", "wide" })
            {
                cases.Add(name, new(Reference.Double, ScalarType.Float64, 1e-10));
                cases.Add(name, new(Reference.AsTheyAre, ScalarType.Float64, 2e-5));
                cases.Add(name, new(Reference.AsTheyAre, ScalarType.Float32, 1e-4));
                cases.Add(name, new(Reference.AsTheyAre, ScalarType.BFloat16, 0.1));
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_velocity_and_the_time_embedding_are_those_of_diffusers(string name, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("klein", "transformer", agreement.Precision);
        Flux2Transformer2DModel transformer = Transformer(agreement.DType);
        long[] shape = name == "wide" ? [4, 12] : [8, 8];
        RotaryPositions positions = transformer.Positions(textLength: 40, shape[0], shape[1]);
        Tensor timesteps = expected[$"{name}.timestep"].to(agreement.DType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
        Tensor text = transformer.ProjectText(expected["encoder_hidden_states"].to(agreement.DType));
        Tensor output = transformer.forward(expected[$"{name}.hidden_states"].to(agreement.DType), timesteps, text, positions);
        TensorAssert.Close(transformer.Time(timesteps), expected[$"{name}.temb"], agreement.Relative, "temb");
        TensorAssert.Close(output, expected[$"{name}.output"], agreement.Relative, "output");
    }

    [Fact]
    public void Positions_are_turned_by_the_angles_of_diffusers()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("klein", "transformer", Reference.Double);
        RotaryPositions positions = Transformer(ScalarType.Float64).Positions(textLength: 40, rows: 4, columns: 12);
        foreach ((string name, Tensor ours) in new[] { ("cos", positions.Cosine), ("sin", positions.Sine) })
        {
            Tensor theirs = cat([expected[$"wide.rotary.txt.{name}"], expected[$"wide.rotary.img.{name}"]], 0);
            TensorAssert.Close(ours.repeat_interleave(2, 1), theirs, 1e-12, name);
        }
    }

    [Theory]
    [InlineData("\"guidance_embeds\": false", "\"guidance_embeds\": true", "guidance_embeds")]
    [InlineData("\"patch_size\": 1", "\"patch_size\": 2", "patch_size")]
    [InlineData("\"attention_head_dim\": 16", "\"attention_head_dim\": 18", "axes_dims_rope")]
    public void What_a_config_asks_for_that_is_not_supported_is_named(string right, string wrong, string error)
    {
        string text = File.ReadAllText(Path.Combine(Reference.PathOf("klein", "transformer"), "config.json"));
        Assert.Contains(right, text, StringComparison.Ordinal);
        text = text.Replace(right, wrong, StringComparison.Ordinal);
        BadInputException refused = Assert.Throws<BadInputException>(() => Flux2TransformerConfig.Parse(
            System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(text), "config.json"));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    private static Flux2Transformer2DModel Transformer(ScalarType dtype)
    {
        string folder = Reference.PathOf("klein", "transformer"), path = Path.Combine(folder, "config.json");
        Flux2Transformer2DModel model = new(Flux2TransformerConfig.Parse(ConfigFile.ReadObject(path), path), new Placement(dtype, CPU));
        using WeightFiles weights = WeightFiles.Open(folder);
        weights.LoadInto(model);
        return model;
    }
}
