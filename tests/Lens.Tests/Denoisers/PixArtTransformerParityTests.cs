using DiffusionLens.Denoisers;
using DiffusionLens.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Denoisers;

public sealed class PixArtTransformerParityTests
{
    [Theory]
    [InlineData("transformer", "t999", "t321", "per_sample", "fractional", "wide", "no_mask")]
    [InlineData("transformer_alpha", "t999", "per_sample", "wide")]
    public void Predictions_and_time_embeddings_are_those_of_diffusers(string part, params string[] cases)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.PixArt, part, Reference.Double);
        PixArtTransformer2DModel model = Reference.PixArtTransformer(ScalarType.Float64, part);
        foreach (string name in cases)
        {
            Tensor? size = SizeOf(expected, name);
            Tensor text = model.ProjectText(expected["encoder_hidden_states"]);
            Tensor latents = expected[$"{name}.hidden_states"], timesteps = expected[$"{name}.timestep"];
            TensorAssert.Close(model.Time(timesteps, size).Embedding, expected[$"{name}.temb"], 1e-12, $"{name}.temb");
            Tensor output = model.forward(latents, timesteps, text, name == "no_mask" ? null : MaskOf(expected, ScalarType.Float64), size);
            TensorAssert.Close(output, expected[$"{name}.output"], 1e-12, name);
        }
    }

    [Theory]
    [InlineData("transformer")]
    [InlineData("transformer_alpha")]
    public void In_float32_they_are_the_same_to_a_ten_thousandth(string part)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.PixArt, part, Reference.Double);
        PixArtTransformer2DModel model = Reference.PixArtTransformer(ScalarType.Float32, part);
        Tensor output = model.forward(
            expected["wide.hidden_states"].@float(),
            expected["wide.timestep"],
            model.ProjectText(expected["encoder_hidden_states"].@float()),
            MaskOf(expected, ScalarType.Float32),
            SizeOf(expected, "wide"));
        Assert.Equal(ScalarType.Float32, output.dtype);
        TensorAssert.Close(output, expected["wide.output"], 1e-4);
    }

    [Fact]
    public void The_states_after_each_block_are_those_of_diffusers()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.PixArt, "transformer", Reference.Double);
        PixArtTransformer2DModel model = Reference.PixArtTransformer(ScalarType.Float64);
        Tensor text = model.ProjectText(expected["encoder_hidden_states"]);
        KeyMask mask = MaskOf(expected, ScalarType.Float64);
        TimeParts time = model.Time(expected["t999.timestep"], size: null);
        Tensor x = expected["t999.block.0"];
        for (int block = 1; block < 3; block++)
        {
            x = model.Blocks[block].forward(x, time, text, mask);
            TensorAssert.Close(x, expected[$"t999.block.{block}"], 1e-12, $"block {block}");
        }
    }

    [Theory]
    [InlineData("transformer", "16x16", 8, 8)]
    [InlineData("transformer", "8x24", 4, 12)]
    [InlineData("transformer_alpha", "16x16", 8, 8)]
    public void Positions_are_those_of_diffusers(string part, string name, int rows, int columns)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor positions = Reference.PixArtTransformer(ScalarType.Float64, part).Positions(rows, columns);
        TensorAssert.Close(positions, Reference.Load(Reference.PixArt, part, Reference.Double)[$"positions.{name}"], 1e-12);
    }

    [Fact]
    public void What_padding_holds_changes_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.PixArt, "transformer", Reference.Double);
        PixArtTransformer2DModel model = Reference.PixArtTransformer(ScalarType.Float64);
        Tensor mask = expected["encoder_attention_mask"], text = model.ProjectText(expected["encoder_hidden_states"]);
        Tensor other = text.add(mask.logical_not().unsqueeze(-1).to(ScalarType.Float64));
        TensorAssert.Close(Predicted(other), Predicted(text), 0);

        Tensor Predicted(Tensor tokens) => model.forward(
            expected["wide.hidden_states"], expected["wide.timestep"], tokens, MaskOf(expected, ScalarType.Float64));
    }

    private static KeyMask MaskOf(Dictionary<string, Tensor> expected, ScalarType dtype)
        => KeyMask.Of(expected["encoder_attention_mask"].logical_not(), KeyMask.OfCrossAttention, dtype);

    private static Tensor? SizeOf(Dictionary<string, Tensor> expected, string name)
        => expected.TryGetValue($"{name}.resolution", out Tensor? sides) ? cat([sides, expected[$"{name}.aspect_ratio"]], 1) : null;
}
