using DiffusionLens.Denoisers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Denoisers;

public sealed class UNetParityTests
{
    /// <summary>By how much sinusoids in float32 differ from those in float64.</summary>
    private const double SinusoidsIsland = 9e-6;

    public static readonly string[] Cases = ["t999", "t321", "per_sample", "fractional", "wide"];

    [Theory]
    [MemberData(nameof(Agreement.Cases), MemberType = typeof(Agreement))]
    public void Outputs_are_those_of_diffusers(string pipeline, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(pipeline, "unet", agreement.Precision);
        UNet2DConditionModel unet = Reference.UNet(pipeline, agreement.DType);
        CrossAttentionStates text = unet.ProjectText(expected["encoder_hidden_states"].to_type(agreement.DType));
        foreach (string name in Cases)
        {
            Tensor output = unet.forward(expected[$"{name}.sample"].to_type(agreement.DType), expected[$"{name}.timestep"], text);
            Assert.Equal(agreement.DType, output.dtype);
            TensorAssert.Close(output, expected[$"{name}.output"], agreement.Relative, name);
        }
    }

    [Theory]
    [MemberData(nameof(Agreement.Cases), MemberType = typeof(Agreement))]
    public void Timestep_embeddings_are_those_of_diffusers(string pipeline, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(pipeline, "unet", agreement.Precision);
        TimestepEmbedding time = Reference.UNet(pipeline, agreement.DType).Time;
        double tolerance = agreement.Precision == Reference.AsTheyAre ? Math.Max(agreement.Relative, SinusoidsIsland) : agreement.Relative;
        foreach (string name in Cases)
        {
            Tensor timesteps = expected[$"{name}.timestep"].expand(2);
            Tensor sinusoids = time.Sinusoids(timesteps, agreement.DType), embedding = time.forward(timesteps, agreement.DType);
            TensorAssert.Close(sinusoids, expected[$"{name}.timestep_sinusoid"], tolerance, $"{name}, sinusoids");
            TensorAssert.Close(embedding, expected[$"{name}.time_embedding"], tolerance, $"{name}, embedding");
        }
    }

    [Fact]
    public void Rows_of_projected_text_can_be_picked_and_joined_for_a_batch()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("sd2", "unet");
        UNet2DConditionModel unet = Reference.UNet("sd2", ScalarType.Float64);
        Tensor text = expected["encoder_hidden_states"], sample = expected["t321.sample"], timestep = expected["t321.timestep"];
        Tensor rows = tensor(new long[] { 1, 0, 1 });
        Tensor samples = sample.index_select(0, rows);
        Tensor projectedAfter = unet.forward(samples, timestep, unet.ProjectText(text.index_select(0, rows)));

        CrossAttentionStates[] parts = [unet.ProjectText(text.narrow(0, 0, 1)), unet.ProjectText(text.narrow(0, 1, 1))];
        Tensor projectedBefore = unet.forward(samples, timestep, CrossAttentionStates.Concatenate(parts).Select(rows));

        TensorAssert.Close(projectedBefore, projectedAfter, 1e-12);
        TensorAssert.Close(projectedBefore, expected["t321.output"].index_select(0, rows), 1e-6);
    }
}
