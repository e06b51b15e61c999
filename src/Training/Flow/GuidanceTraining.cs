using DiffusionLens.Runtime;
using TorchSharp;
using Training.Denoiser;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Flow;

/// <summary>
/// Distills guidance into the transformer, as FLUX.1 dev has it (arXiv 2210.03142): the network that <see cref="FlowTraining"/> left is the
/// teacher, guided by two passes; its copy learns to give the same by one, told the scale.
/// </summary>
internal static class GuidanceTraining
{
    /// <summary>The scales that are learned.</summary>
    private const double LeastScale = 1, LargestScale = 6;

    public static void Run(TrainingOptions options, World world)
    {
        string trained = MmditFiles.TransformerFolder(options.Models);
        using FlowParts parts = new(options.Models, options.DType);
        using FlowNetwork network = new(options.DType), teacher = new(options.DType);
        ModelPart.Load(network.Transformer, trained);
        ModelPart.Load(teacher.Transformer, trained);
        using Tensor silence = parts.Silence();
        PartialSilence text = new(silence);
        FlowTraining.Train(
            new FlowStudy("mmdit-guidance", network, parts, [.. parts.Folders, trained]),
            (batch, generator) => Loss(network, teacher, text, batch, generator),
            (latents, states, times) => network.Velocity(latents, states, times, full_like(times, FlowStudy.SheetGuidance)),
            options,
            world);
    }

    /// <summary>Mean squared difference from the guided teacher, each sample at a scale of its own.</summary>
    internal static Tensor Loss(FlowNetwork network, FlowNetwork teacher, PartialSilence text, DenoiserBatch batch, Generator generator)
    {
        FlowSample sample = FlowSample.Draw(batch.Targets, generator);
        Tensor scale = rand([sample.Times.shape[0]], generator: generator).Times(LargestScale - LeastScale).Plus(LeastScale), target;
        Tensor states = text.Over(batch.States, generator);
        using (no_grad())
        {
            target = FlowTraining.Guided(teacher, sample.Noisy, states, text.Silence, sample.Times, scale.view(-1, 1, 1));
        }

        return network.Velocity(sample.Noisy, states, sample.Times, scale).sub(target).Squared().mean();
    }
}
