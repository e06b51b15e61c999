using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Denoisers;

public sealed class ZImageTransformerParityTests
{
    public static TheoryData<string, Agreement> Cases
    {
        get
        {
            TheoryData<string, Agreement> cases = [];
            foreach (string name in new[] { "t0", "t0.7", "single", "two_lengths", "exact", "wide" })
            {
                cases.Add(name, new(Reference.Double, ScalarType.Float64, 1e-10));
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
        Dictionary<string, Tensor> expected = Reference.Load("zimage", "transformer", agreement.Precision);
        ZImageTransformer2DModel transformer = Transformer(agreement.DType);
        Tensor latents = expected[$"{name}.hidden_states"].to(agreement.DType);
        Tensor timesteps = expected[$"{name}.timestep"].to(agreement.DType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
        Tensor output = cat(
            [
                .. Enumerable.Range(0, (int)latents.shape[0]).Select(sample => transformer.forward(
                    latents.narrow(0, sample, 1),
                    timesteps.narrow(0, sample, 1),
                    transformer.RefineCaption(expected[$"{name}.caption.{sample}"].unsqueeze(0).to(agreement.DType)))),
            ],
            0);
        TensorAssert.Close(transformer.Time(timesteps), expected[$"{name}.temb"], agreement.Relative, "temb");
        TensorAssert.Close(output, expected[$"{name}.output"], agreement.Relative, "output");
    }

    [Fact]
    public void Samples_of_the_same_caption_may_go_together()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("zimage", "transformer", Reference.Double);
        ZImageTransformer2DModel transformer = Transformer(ScalarType.Float64);
        Tensor caption = transformer.RefineCaption(expected["t0.caption.0"].unsqueeze(0));
        Tensor both = transformer.forward(expected["t0.hidden_states"], expected["t0.timestep"], caption);
        TensorAssert.Close(both.narrow(0, 0, 1), expected["t0.output"].narrow(0, 0, 1), 1e-10);
    }

    [Fact]
    public void Positions_are_those_of_diffusers_and_what_fills_up_an_image_is_at_the_origin()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("zimage", "transformer");
        ZImageTransformer2DModel transformer = Transformer(ScalarType.Float64);
        for (int sample = 0; sample < 2; sample++)
        {
            Tensor caption = expected[$"wide.caption_positions_ids.{sample}"], image = expected[$"wide.image_positions_ids.{sample}"];
            Assert.Equal(caption.to(ScalarType.Int64).data<long>(), transformer.CaptionPositions(caption.shape[0]).data<long>());
            Assert.Equal(
                image.to(ScalarType.Int64).data<long>(), transformer.ImagePositions(caption.shape[0], rows: 4, columns: 12).data<long>());
        }
    }

    [Theory]
    [InlineData("\"siglip_feat_dim\": null", "\"siglip_feat_dim\": 8", "siglip_feat_dim")]
    [InlineData("\"all_f_patch_size\": [\n    1", "\"all_f_patch_size\": [\n    2", "all_f_patch_size")]
    [InlineData("\"n_heads\": 2", "\"n_heads\": 4", "axes_dims")]
    public void What_a_config_asks_for_that_is_not_supported_is_named(string right, string wrong, string error)
    {
        string text = File.ReadAllText(Path.Combine(Reference.PathOf("zimage", "transformer"), "config.json"));
        Assert.Contains(right, text, StringComparison.Ordinal);
        text = text.Replace(right, wrong, StringComparison.Ordinal);
        BadInputException refused = Assert.Throws<BadInputException>(() => ZImageTransformerConfig.Parse(
            System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(text), "config.json"));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    private static ZImageTransformer2DModel Transformer(ScalarType dtype)
    {
        string folder = Reference.PathOf("zimage", "transformer"), path = Path.Combine(folder, "config.json");
        ZImageTransformer2DModel model = new(ZImageTransformerConfig.Parse(ConfigFile.ReadObject(path), path), new Placement(dtype, CPU));
        using WeightFiles weights = WeightFiles.Open(folder);
        weights.LoadInto(model);
        return model;
    }
}
