using DiffusionLens.Runtime;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Denoiser;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Flow;

/// <summary>
/// Trains <c>mini-mmdit/transformer</c> by flow matching on the frozen encoders' last states and the frozen autoencoder's latents. Guidance
/// is 1 throughout; <see cref="GuidanceTraining"/> teaches the others.
/// </summary>
internal static class FlowTraining
{
    private const double ShareWithoutCaption = 0.1;
    private const int PoolSize = 8_192, Meetings = 8, LookedAt = 2_048;

    public static void Run(TrainingOptions options, World world)
    {
        using FlowParts parts = new(options.Models, options.DType);
        using FlowNetwork network = new(options.DType);
        if (options.FromModels)
        {
            ModelPart.Load(network.Transformer, MmditFiles.TransformerFolder(options.Models));
        }
        else
        {
            SceneSampler scenes = world.TrainingSampler(options.Seed + 7);
            string[] captions = [.. Enumerable.Range(0, LookedAt).Select(i => scenes.At((ulong)i).Caption)];
            FlowStart.Set(network, parts.Text, captions, (long)options.Seed);
        }

        using Tensor silence = parts.Silence();
        PartialSilence text = new(silence);
        Train(
            new FlowStudy("mmdit", network, parts, parts.Folders),
            (batch, generator) => Loss(network, text, batch, generator),
            (latents, states, times) => Guided(network, latents, states, silence, times),
            options,
            world);
    }

    /// <summary>What both trainings of the transformer do.</summary>
    /// <param name="study">What is trained.</param>
    /// <param name="lossOf">Of a batch.</param>
    /// <param name="guided">The velocity by which the sheets are sampled: of latents, states and times.</param>
    internal static void Train(
        FlowStudy study,
        Func<DenoiserBatch, Generator, Tensor> lossOf,
        Func<Tensor, Tensor, Tensor, Tensor> guided,
        TrainingOptions options,
        World world)
    {
        using TrainingLoop loop = new(study.Name, study.Network.Transformer, options, study.Frozen, SampleSheet.Measures)
        {
            BetweenCheckpoints = TimeSpan.FromMinutes(2),
        };
        using ScenePool pool = new(study.Parts, world, options, loop.Done, PoolSize, Meetings);
        SampleSheet sheet = new(world, Path.Combine(options.Models, "mini-recognizer"));
        loop.Run(
            (_, generator) => lossOf(pool.Draw(options.Batch, ShareWithoutCaption, generator), generator),
            () => sheet.Measure(Draw, loop.PathOf("sheet.png")));
        study.Network.Save(MmditFiles.TransformerFolder(options.Models));
        MmditFiles.WriteRest(options.Models);
        loop.Publish(MmditFiles.Folder(options.Models));

        Tensor Draw(IReadOnlyList<string> captions)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor states = study.Parts.States(captions);
            Tensor latents = study.Network.Sample(
                study.Parts.TargetShape, captions.Count, (sample, times) => guided(sample, states, times));
            return study.Parts.Pixels(latents).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Mean squared error of the velocity ε - x at <c>(1 - t) x + t ε</c> (rectified flow, arXiv 2209.03003).</summary>
    internal static Tensor Loss(FlowNetwork network, PartialSilence text, DenoiserBatch batch, Generator generator)
    {
        FlowSample sample = FlowSample.Draw(batch.Targets, generator);
        Tensor states = text.Over(batch.States, generator);
        Tensor predicted = network.Velocity(sample.Noisy, states, sample.Times, ones_like(sample.Times));
        return predicted.sub(sample.PackedVelocity).Squared().mean();
    }

    /// <summary>
    /// Classifier-free guidance (arXiv 2207.12598) of a network that is told of none: <c>u + scale (c - u)</c>, where c has the captions
    /// and u has none.
    /// </summary>
    /// <param name="silence">The states of no caption, <c>[1, T + 1, width]</c>.</param>
    /// <param name="scale">A number for each, <c>[B, 1, 1]</c>; null: that of the sheets.</param>
    internal static Tensor Guided(
        FlowNetwork network, Tensor latents, Tensor states, Tensor silence, Tensor times, Tensor? scale = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor both = network.Velocity(
            cat([latents, latents]), cat([silence.expand_as(states), states]), cat([times, times]), ones([2 * times.shape[0]]));
        Tensor[] halves = both.chunk(2);
        return halves[0].lerp(halves[1], scale ?? tensor(FlowStudy.SheetGuidance)).MoveToOuterDisposeScope();
    }
}
