using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Denoisers;

public sealed class QwenImageTransformerParityTests
{
    public static TheoryData<string, Agreement> Cases
    {
        get
        {
            TheoryData<string, Agreement> cases = [];
            foreach (string name in new[] { "t1", "per_sample", "no_mask", "single", "wide", "odd", "holes" })
            {
                cases.Add(name, new(Reference.Double, ScalarType.Float64, 1e-12));
                cases.Add(name, new(Reference.AsTheyAre, ScalarType.Float64, 5e-5));
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
        Dictionary<string, Tensor> expected = Reference.Load("qwen_image", "transformer", agreement.Precision);
        QwenImageTransformer2DModel transformer = Transformer(agreement.DType);
        Tensor tokens = expected[$"{name}.hidden_states"].to(agreement.DType);
        Tensor text = expected[$"{name}.encoder_hidden_states"].to(agreement.DType);
        Tensor times = expected[$"{name}.timestep"].to(agreement.DType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
        long[] shape = [.. expected[$"{name}.img_shape"].data<long>()];
        Tensor? mask = expected.GetValueOrDefault($"{name}.mask");
        Assert.Equal(name is "no_mask" or "single", mask is null);
        RotaryPositions positions = transformer.Positions(text.shape[1], shape[1], shape[2]);
        Tensor output = transformer.forward(tokens, times, transformer.ProjectText(text), positions, RowsOf(mask, agreement.DType));
        TensorAssert.Close(transformer.Time(times), expected[$"{name}.temb"], agreement.Relative, "temb");
        TensorAssert.Close(output, expected[$"{name}.output"], agreement.Relative, "output");
    }

    [Theory]
    [InlineData("wide")]
    [InlineData("odd")]
    public void Positions_are_counted_from_the_images_middle_and_the_text_goes_on_from_its_longer_side(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("qwen_image", "transformer", Reference.Double);
        long[] shape = [.. expected[$"{name}.img_shape"].data<long>()];
        long text = expected[$"{name}.rotary.txt.cos"].shape[0];
        RotaryPositions positions = Transformer(ScalarType.Float64).Positions(text, shape[1], shape[2]);
        TensorAssert.Close(
            positions.Cosine, cat([expected[$"{name}.rotary.txt.cos"], expected[$"{name}.rotary.img.cos"]], 0), 1e-6, "cosine");
        TensorAssert.Close(positions.Sine, cat([expected[$"{name}.rotary.txt.sin"], expected[$"{name}.rotary.img.sin"]], 0), 1e-6, "sine");
    }

    [Fact]
    public void Rows_that_none_sees_are_as_good_as_left_out()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("qwen_image", "transformer", Reference.Double);
        TensorAssert.Close(expected["single.output"], expected["per_sample.output"].narrow(0, 0, 1), 1e-12);
    }

    [Theory]
    [InlineData("\"zero_cond_t\": false", "\"zero_cond_t\": true", "zero_cond_t")]
    [InlineData("\"use_layer3d_rope\": false", "\"use_layer3d_rope\": true", "use_layer3d_rope")]
    [InlineData("\"patch_size\": 2", "\"patch_size\": 1", "patch_size")]
    [InlineData("\"attention_head_dim\": 16", "\"attention_head_dim\": 20", "axes_dims_rope")]
    [InlineData("\"num_layers\": 3", "\"num_layerz\": 3", "num_layerz")]
    public void What_a_config_asks_for_that_is_not_supported_is_named(string right, string wrong, string error)
    {
        Assert.Contains(right, ConfigText, StringComparison.Ordinal);
        BadInputException refused = Assert.Throws<BadInputException>(
            () => Parsed(ConfigText.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Guidance_that_a_config_says_is_embedded_changes_nothing()
        => Assert.Equivalent(
            Parsed(ConfigText),
            Parsed(ConfigText.Replace("\"guidance_embeds\": false", "\"guidance_embeds\": true", StringComparison.Ordinal)));

    private static TextRowSettings? RowsOf(Tensor? mask, ScalarType dtype)
    {
        using Scalar hidden = 0L;
        return mask is null ? null : new TextRowSettings { Mask = KeyMask.Of(mask.eq(hidden), double.NegativeInfinity, dtype) };
    }

    private static string ConfigText => File.ReadAllText(Path.Combine(Reference.PathOf("qwen_image", "transformer"), "config.json"));

    private static QwenImageTransformerConfig Parsed(string json) => QwenImageTransformerConfig.Parse(
        System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(json), "config.json");

    private static QwenImageTransformer2DModel Transformer(ScalarType dtype)
    {
        QwenImageTransformer2DModel model = new(Parsed(ConfigText), new Placement(dtype, CPU));
        using WeightFiles weights = WeightFiles.Open(Reference.PathOf("qwen_image", "transformer"));
        weights.LoadInto(model);
        return model;
    }
}
