using DiffusionLens.TextEncoders;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.TextEncoders;

public sealed class T5ParityTests
{
    [Theory]
    [MemberData(nameof(Agreement.Each), MemberType = typeof(Agreement))]
    public void Every_hidden_state_and_its_norm_are_those_of_transformers(Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("if", "text", agreement.Precision);
        T5EncoderModel model = Reference.T5(agreement.DType);
        TextTrace trace = model.Trace(expected["input_ids"], expected["attention_mask"]);

        Assert.Equal(6, trace.HiddenStates.Count);
        for (int layer = 0; layer <= trace.LayerCount; layer++)
        {
            Tensor state = trace.HiddenStates[layer], normed = model.FinalNorm(state);
            Assert.Equal((agreement.DType, agreement.DType), (state.dtype, normed.dtype));
            TensorAssert.Close(state, expected[$"hidden_states.{layer}"], agreement.Relative, $"h^{layer}");
            TensorAssert.Close(normed, expected[$"lens.{layer}"], agreement.Relative, $"ln_f(h^{layer})");
        }
    }

    [Theory]
    [MemberData(nameof(Agreement.Each), MemberType = typeof(Agreement))]
    public void The_norm_of_the_last_state_is_transformers_last_state_with_and_without_a_mask(Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("if", "text", agreement.Precision);
        T5EncoderModel model = Reference.T5(agreement.DType);
        Tensor ids = expected["input_ids"];
        TensorAssert.Close(Last(expected["attention_mask"]), expected["last_hidden_state"], agreement.Relative);
        TensorAssert.Close(Last(null), expected["last_hidden_state.no_mask"], agreement.Relative);

        Tensor Last(Tensor? mask) => model.FinalNorm(model.Trace(ids, mask).HiddenStates[^1]);
    }

    [Theory]
    [InlineData(Reference.SD3, "text_encoder_3")]
    [InlineData(Reference.Flux, "text_encoder_2")]
    public void Without_a_mask_padding_is_attended_to_as_SD_3_and_FLUX_have_it(string pipeline, string part)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(pipeline, "text", Reference.Double);
        T5EncoderModel model = Reference.T5(ScalarType.Float64, pipeline, part);
        TextTrace trace = model.Trace(expected[$"{part}.input_ids"], attentionMask: null);
        Assert.Equal(3, trace.LayerCount);
        for (int layer = 0; layer <= trace.LayerCount; layer++)
        {
            TensorAssert.Close(trace.HiddenStates[layer], expected[$"{part}.hidden_states.{layer}"], 1e-9, $"h^{layer}");
        }

        TensorAssert.Close(model.FinalNorm(trace.HiddenStates[^1]), expected[$"{part}.last_hidden_state"], 1e-9);
    }

    [Fact]
    public void Distances_fall_into_transformers_classes()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("if", "text");
        T5EncoderModel model = Reference.T5(ScalarType.Float64);
        Tensor bucket = T5Attention.Bucket(expected["relative_position"], model.Config);
        Assert.Equal(expected["relative_position_bucket"].data<long>(), bucket.data<long>());
        TensorAssert.Close(model.Bias(77, CPU, attentionMask: null), expected["position_bias"], 0, "bias");
    }

    [Theory]
    [InlineData(ScalarType.BFloat16, ScalarType.BFloat16, 0.05)]
    [InlineData(ScalarType.Float16, ScalarType.Float32, 5e-3)]
    public void Half_precision_gives_the_same_states_roughly_and_float16_keeps_its_sum_in_float32(
        ScalarType dtype, ScalarType sum, double relative)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("if", "text");
        T5EncoderModel model = Reference.T5(dtype);
        Tensor last = model.Trace(expected["input_ids"], expected["attention_mask"]).HiddenStates[^1], normed = model.FinalNorm(last);
        Assert.Equal((sum, dtype), (last.dtype, normed.dtype));
        Assert.InRange(TensorAssert.RelativeError(normed, expected["last_hidden_state"]), 1e-6, relative);
    }

    [Fact]
    public void Padding_changes_no_token_before_it()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("if", "text");
        int written = (int)expected["attention_mask"][1].sum().item<long>();
        Tensor ids = expected["input_ids"].narrow(0, 1, 1).narrow(1, 0, written);
        Tensor alone = Reference.T5(ScalarType.Float64).Trace(ids, attentionMask: null).HiddenStates[^1];
        TensorAssert.Close(alone, expected["hidden_states.5"].narrow(0, 1, 1).narrow(1, 0, written), 1e-6);
    }
}
