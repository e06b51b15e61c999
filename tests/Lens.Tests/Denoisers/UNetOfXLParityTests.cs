using DiffusionLens.Denoisers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Denoisers;

/// <summary>Stable Diffusion XL's UNet: transformers of several blocks, and a time embedding that is told the text and the size.</summary>
public sealed class UNetOfXLParityTests
{
    [Theory]
    [MemberData(nameof(Agreement.XL), MemberType = typeof(Agreement))]
    public void Outputs_are_those_of_diffusers(string pipeline, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(pipeline, "unet", agreement.Precision);
        UNet2DConditionModel unet = Reference.UNet(pipeline, agreement.DType);
        CrossAttentionStates text = unet.ProjectText(Given("encoder_hidden_states"))
            .With(unet.TimeShare(Given("text_embeds"), expected["time_ids"]));
        foreach (string name in UNetParityTests.Cases)
        {
            Tensor output = unet.forward(Given($"{name}.sample"), expected[$"{name}.timestep"], text);
            Assert.Equal(agreement.DType, output.dtype);
            TensorAssert.Close(output, expected[$"{name}.output"], agreement.Relative, name);
        }

        Tensor Given(string name) => expected[name].to_type(agreement.DType);
    }

    [Fact]
    public void Texts_of_a_batch_have_each_their_own_share_of_the_time_embedding()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.XL, "unet");
        UNet2DConditionModel unet = Reference.UNet(Reference.XL, ScalarType.Float64);
        Tensor timestep = expected["t321.timestep"], both = Predicted(tensor(new long[] { 1, 0 }));
        TensorAssert.Close(both.narrow(0, 0, 1), Predicted(tensor(new long[] { 1 })), 1e-12);
        Assert.True(TensorAssert.RelativeError(both.narrow(0, 1, 1), both.narrow(0, 0, 1)) > 1e-3);

        Tensor Predicted(Tensor rows)
        {
            CrossAttentionStates text = unet.ProjectText(expected["encoder_hidden_states"].narrow(0, 0, 1).expand(2, -1, -1))
                .With(unet.TimeShare(expected["text_embeds"], expected["time_ids"])).Select(rows);
            return unet.forward(expected["t321.sample"].narrow(0, 0, 1).expand(rows.shape[0], -1, -1, -1), timestep, text);
        }
    }
}
