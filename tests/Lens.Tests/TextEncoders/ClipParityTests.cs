using DiffusionLens.TextEncoders;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.TextEncoders;

public sealed class ClipParityTests
{
    [Theory]
    [MemberData(nameof(Agreement.Cases), MemberType = typeof(Agreement))]
    public void Every_hidden_state_and_its_norm_are_those_of_transformers(string pipeline, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(pipeline, "text", agreement.Precision);
        ClipTextModel model = Reference.TextEncoder(pipeline, agreement.DType);
        TextTrace trace = model.Trace(expected["input_ids"]);

        Assert.Equal(expected.Keys.Count(name => name.StartsWith("hidden_states.", StringComparison.Ordinal)), trace.HiddenStates.Count);
        Assert.Equal(trace.LayerCount, model.Config.LayerCount);
        for (int layer = 0; layer <= trace.LayerCount; layer++)
        {
            Tensor state = trace.HiddenStates[layer], normed = model.FinalNorm(state);
            Assert.Equal(agreement.DType, state.dtype);
            TensorAssert.Close(state, expected[$"hidden_states.{layer}"], agreement.Relative, $"h^{layer}");
            TensorAssert.Close(normed, expected[$"lens.{layer}"], agreement.Relative, $"ln_f(h^{layer})");
        }
    }

    [Fact]
    public void A_prompt_traced_alone_has_the_states_that_it_has_in_a_batch()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("sd1", "text");
        TextTrace alone = Reference.TextEncoder("sd1", ScalarType.Float64).Trace(expected["input_ids"].narrow(0, 1, 1));
        TensorAssert.Close(alone.HiddenStates[^1], expected[$"hidden_states.{alone.LayerCount}"].narrow(0, 1, 1), 1e-12);
    }
}
