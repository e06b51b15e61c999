using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// The conditioning vector of SD 3 and FLUX: of the time, the pooled text and, where the model was distilled with it, the scale of guidance
/// (diffusers: CombinedTimestepTextProjEmbeddings, CombinedTimestepGuidanceTextProjEmbeddings).
/// </summary>
internal sealed class TimeTextVector : nn.Module
{
    private static readonly Sinusoids Waves = new(256);

    private readonly TwoLayerMap _time, _text;
    private readonly TwoLayerMap? _guidance;

    /// <param name="width">Width of the vector.</param>
    /// <param name="pooledWidth">Width of the pooled text.</param>
    /// <param name="readsGuidance">Whether it is told the scale of guidance.</param>
    /// <param name="placement">Where and in which type.</param>
    public TimeTextVector(int width, int pooledWidth, bool readsGuidance, Placement placement)
        : base(nameof(TimeTextVector))
    {
        _time = this.Add("timestep_embedder", new TwoLayerMap(Waves.Width, width, placement));
        _guidance = readsGuidance ? this.Add("guidance_embedder", new TwoLayerMap(Waves.Width, width, placement)) : null;
        _text = this.Add("text_embedder", new TwoLayerMap(pooledWidth, width, placement));
    }

    /// <param name="timesteps">0..1000, one for each sample, <c>[B]</c>.</param>
    /// <param name="pooled">The pooled text, <c>[B, pooled width]</c>.</param>
    /// <param name="guidance">A thousand times the scale, <c>[B]</c>; null where the model is not told.</param>
    /// <returns><c>[B, width]</c>, activated, as all that read it want it.</returns>
    public Tensor forward(Tensor timesteps, Tensor pooled, Tensor? guidance = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor vector = _time.forward(Waves.Of(timesteps, pooled.dtype));
        if (_guidance is not null)
        {
            ArgumentNullException.ThrowIfNull(guidance);
            vector = vector.Plus(_guidance.forward(Waves.Of(guidance, pooled.dtype)));
        }

        return nn.functional.silu(vector.Plus(_text.forward(pooled))).MoveToOuterDisposeScope();
    }
}
