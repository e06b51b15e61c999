using DiffusionLens.Runtime;
using TorchSharp;
using Training.Denoiser;
using Training.Flow;
using Training.Optimization;
using static TorchSharp.torch;

namespace Training.Tests.Flow;

public class FlowTrainingTests
{
    private const int Batch = 4, Steps = 12;

    [Fact]
    public void Flow_matching_lowers_its_loss_and_every_parameter_has_a_gradient()
    {
        using DisposeScope scope = NewDisposeScope();
        using FlowNetwork network = Network(seed: 1);
        DenoiserBatch batch = new(randn(Batch, 4, 16, 16).Times(0.1), randn(Batch, MmditFiles.TextLength + 1, 128));
        PartialSilence text = new(randn(1, MmditFiles.TextLength + 1, 128));

        (double first, double last) = Train(network, generator => FlowTraining.Loss(network, text, batch, generator));

        Assert.True(last < 0.9 * first, $"{first} to {last}");
    }

    [Fact]
    public void A_network_that_is_its_own_teacher_learns_nothing_at_scale_1_and_something_above()
    {
        using DisposeScope scope = NewDisposeScope();
        using FlowNetwork network = Network(seed: 1), teacher = Network(seed: 1);
        Tensor states = randn(Batch, MmditFiles.TextLength + 1, 128), silence = randn(1, MmditFiles.TextLength + 1, 128);
        Tensor latents = randn(Batch, 4, 16, 16), times = rand(Batch), one = ones(Batch);

        Tensor unguided = FlowTraining.Guided(teacher, latents, states, silence, times, ones(Batch, 1, 1));
        Assert.True(network.Velocity(latents, states, times, one).allclose(unguided, 1e-4, 1e-4));

        DenoiserBatch batch = new(latents, states);
        (double first, double last) = Train(
            network, generator => GuidanceTraining.Loss(network, teacher, new PartialSilence(silence), batch, generator));
        Assert.True(last < 0.9 * first, $"{first} to {last}");
    }

    private static FlowNetwork Network(long seed)
    {
        FlowNetwork network = new(ScalarType.Float32);
        InitialValues.Set(network.Transformer, seed);
        return network;
    }

    private static (double First, double Last) Train(FlowNetwork network, Func<Generator, Tensor> lossOf)
    {
        using AdamW optimizer = new(new ParameterVector(network.Transformer), weightDecay: 0);
        List<double> losses = [];
        for (int step = 0; step < Steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            using Generator generator = new(3, CPU);
            Tensor loss = lossOf(generator);
            loss.backward();
            optimizer.Step(1e-3);
            losses.Add(loss.ToSingle());
        }

        return (losses[0], losses[^1]);
    }
}
