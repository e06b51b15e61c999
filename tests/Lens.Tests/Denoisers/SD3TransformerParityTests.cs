using DiffusionLens.Denoisers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Denoisers;

public sealed class SD3TransformerParityTests
{
    private static readonly string[] Cases = ["t1000", "t321.5", "wide"];

    [Theory]
    [MemberData(nameof(Agreement.Each), MemberType = typeof(Agreement))]
    public void Predictions_are_those_of_diffusers(Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.SD3, "transformer", agreement.Precision);
        Dictionary<string, Tensor> text = Reference.Load(Reference.SD3, "text", Reference.Double);
        SD3Transformer2DModel model = Reference.SD3Transformer(agreement.DType);
        Tensor context = model.ProjectText(text["prompt_embeds"].to(agreement.DType)), pooled = text["pooled_prompt_embeds"].to(agreement.DType);

        // Where the libraries take sinusoids from float32, the reference differs by more than the text does between the two.
        double tolerance = agreement.Precision == Reference.AsTheyAre ? Math.Max(agreement.Relative, 1e-5) : agreement.Relative;
        foreach (string name in Cases)
        {
            Tensor sample = expected[$"{name}.hidden_states"].to(agreement.DType);
            Tensor output = model.forward(sample, expected[$"{name}.timestep"], context, pooled);
            Assert.Equal(agreement.DType, output.dtype);
            TensorAssert.Close(output, expected[$"{name}.output"], tolerance, name);
        }
    }
}
