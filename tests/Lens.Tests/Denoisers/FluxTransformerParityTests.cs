using DiffusionLens.Denoisers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Denoisers;

public sealed class FluxTransformerParityTests
{
    [Theory]
    [MemberData(nameof(Agreement.Each), MemberType = typeof(Agreement))]
    public void Predictions_are_those_of_diffusers(Agreement agreement)
        => AssertPredictions("transformer", ["schnell.t1", "schnell.t0.3", "schnell.wide"], agreement);

    [Theory]
    [MemberData(nameof(Agreement.Each), MemberType = typeof(Agreement))]
    public void Predictions_of_a_model_that_is_told_the_guidance_are_those_of_diffusers(Agreement agreement)
        => AssertPredictions("transformer_with_guidance", ["guided"], agreement);

    [Fact]
    public void A_model_that_is_told_the_guidance_cannot_do_without()
    {
        using DisposeScope scope = NewDisposeScope();
        FluxTransformer2DModel model = Reference.FluxTransformer(ScalarType.Float64, "transformer_with_guidance");
        Tensor image = zeros(1, 4, 16, ScalarType.Float64), text = zeros(1, 3, 32, ScalarType.Float64);
        Assert.Throws<ArgumentNullException>(() => model.forward(
            image, text, zeros(1, 32, ScalarType.Float64), FluxTransformer2DModel.Positions(3, 2, 2), ones(1), guidance: null));
    }

    [Theory]
    [InlineData("schnell.t1", 8, 8)]
    [InlineData("schnell.wide", 4, 12)]
    public void Positions_are_those_of_diffusers(string name, int rows, int columns)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.Flux, "transformer");
        Tensor ids = cat([expected["txt_ids"], expected[$"{name}.img_ids"]], 0);
        Assert.Equal(ids.data<double>(), FluxTransformer2DModel.Positions(48, rows, columns).data<double>());
    }

    private static void AssertPredictions(string part, string[] cases, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.Flux, "transformer", agreement.Precision);
        Dictionary<string, Tensor> text = Reference.Load(Reference.Flux, "text", Reference.Double);
        FluxTransformer2DModel model = Reference.FluxTransformer(agreement.DType, part);
        Tensor context = model.ProjectText(text["prompt_embeds"].to(agreement.DType));
        Tensor pooled = text["pooled_prompt_embeds"].to(agreement.DType);

        // Where the libraries take sinusoids and rotations from float32, the reference differs by more than the text does between the two.
        double tolerance = agreement.Precision == Reference.AsTheyAre ? Math.Max(agreement.Relative, 1e-5) : agreement.Relative;
        foreach (string name in cases)
        {
            Tensor image = expected[$"{name}.hidden_states"].to(agreement.DType);
            Tensor ids = cat([expected["txt_ids"], expected[$"{name}.img_ids"]], 0);
            Tensor? guidance = expected.GetValueOrDefault($"{name}.guidance");
            Tensor output = model.forward(image, context, pooled, ids, expected[$"{name}.timestep"], guidance);
            Assert.Equal(agreement.DType, output.dtype);
            TensorAssert.Close(output, expected[$"{name}.output"], tolerance, name);
        }
    }
}
