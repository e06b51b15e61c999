using System.Text.Json;
using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using TorchSharp;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Flow;

/// <summary>mini-mmdit's transformer, with latents in place of tokens, and text and pooled text in one tensor.</summary>
internal sealed class FlowNetwork : IDisposable
{
    private const string Sampler = "flow_match_euler";
    /// <summary>Of sampling.</summary>
    public const int Steps = 12;

    private readonly ScalarType _dtype;
    private readonly SchedulerConfig _schedule;

    /// <summary>Builds it without values.</summary>
    public FlowNetwork(ScalarType dtype)
    {
        FluxTransformerConfig config = FluxTransformerConfig.Parse(
            JsonSerializer.SerializeToElement(MmditFiles.Transformer), "transformer/config.json");
        _dtype = dtype;
        _schedule = SchedulerConfig.Parse(JsonSerializer.SerializeToElement(MmditFiles.Scheduler), "scheduler_config.json");
        Transformer = new FluxTransformer2DModel(config, new Placement(dtype, CPU));
    }

    public FluxTransformer2DModel Transformer { get; }

    /// <summary>The velocity from image to noise, of latents <c>[B, C, h, w]</c>: packed, <c>[B, h w / 4, 4 C]</c> float32.</summary>
    /// <param name="latents">Noisy, float32.</param>
    /// <param name="states">Of <see cref="FlowText.States"/>, <c>[B, T + 1, width]</c>.</param>
    /// <param name="times">0..1, <c>[B]</c> float32.</param>
    /// <param name="guidance">The scale, <c>[B]</c> float32.</param>
    public Tensor Velocity(Tensor latents, Tensor states, Tensor times, Tensor guidance)
    {
        using DisposeScope scope = NewDisposeScope();
        long tokens = states.shape[1] - 1;
        Tensor text = Transformer.ProjectText(states.narrow(1, 0, tokens)), pooled = states.select(1, tokens);
        Tensor positions = FluxTransformer2DModel.Positions(
            tokens, latents.shape[2] / PackedLatents.Patch, latents.shape[3] / PackedLatents.Patch);
        Tensor image = PackedLatents.Of(latents).to(_dtype);
        return Transformer.forward(image, text, pooled, positions, times, guidance).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>Samples latents from noise that is the same at every call.</summary>
    /// <param name="shape">Of one image's, <c>[C, h, w]</c>.</param>
    /// <param name="captions">How many images.</param>
    /// <param name="velocity">The velocity of <c>[captions, C, h, w]</c> at times <c>[captions]</c>, packed.</param>
    public Tensor Sample(long[] shape, int captions, Func<Tensor, Tensor, Tensor> velocity)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(11, CPU);
        PipelineSchedule pipeline = new() { Sigmas = [.. Spacing.Even(1, 1.0 / Steps, Steps)] };
        using Scheduler scheduler = Scheduler.Create(Sampler, _schedule, Steps, pipeline);
        Tensor sample = randn([captions, .. shape], generator: generator);
        for (int stepIndex = 0; stepIndex < scheduler.Timesteps.Count; stepIndex++)
        {
            using DisposeScope step = NewDisposeScope();
            Tensor packed = velocity(sample, full([captions], (float)(scheduler.Timesteps[stepIndex] / 1000)));
            Tensor whole = PackedLatents.Back(packed, shape[1] / PackedLatents.Patch, shape[2] / PackedLatents.Patch);
            sample = scheduler.Step(whole, stepIndex, sample).MoveToOuterDisposeScope();
        }

        return sample.MoveToOuterDisposeScope();
    }

    public void Save(string folder) => ModelPart.Save(Transformer, MmditFiles.Transformer, folder);

    public void Dispose() => Transformer.Dispose();
}
