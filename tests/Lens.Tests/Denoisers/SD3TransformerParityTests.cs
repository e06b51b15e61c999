using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
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
        Tensor context = model.ProjectText(text["prompt_embeds"].to(agreement.DType));
        Tensor pooled = text["pooled_prompt_embeds"].to(agreement.DType);

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

    /// <summary>The plain form has no reference of its own; its block is the dual one's without what the second attention adds.</summary>
    [Fact]
    public void A_block_that_is_not_dual_is_a_dual_one_whose_second_attention_adds_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.SD3, "transformer", Reference.Double);
        Dictionary<string, Tensor> text = Reference.Load(Reference.SD3, "text", Reference.Double);
        SD3Transformer2DModel dual = Reference.SD3Transformer(ScalarType.Float64);
        SD3Transformer2DModel plain = new(dual.Config with { DualLayers = [] }, new Placement(ScalarType.Float64, CPU));
        Dictionary<string, Tensor> places = plain.named_parameters().ToDictionary(place => place.name, place => (Tensor)place.parameter);
        foreach ((string name, TorchSharp.Modules.Parameter value) in dual.named_parameters())
        {
            if (places.TryGetValue(name, out Tensor? place))
            {
                _ = place.copy_(value.narrow(0, 0, place.shape[0]));
            }
            else
            {
                Assert.Contains(".attn2.", name, StringComparison.Ordinal);
                _ = name.Contains(".to_out.", StringComparison.Ordinal) ? value.zero_() : value;
            }
        }

        TensorAssert.Close(Predicted(plain), Predicted(dual), 1e-12);

        Tensor Predicted(SD3Transformer2DModel model) => model.forward(
            expected["wide.hidden_states"],
            expected["wide.timestep"],
            model.ProjectText(text["prompt_embeds"]),
            text["pooled_prompt_embeds"]);
    }
}
