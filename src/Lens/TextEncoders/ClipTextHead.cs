using DiffusionLens.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>What comes after the blocks of a CLIP text encoder: ln_f, and the projection of the pooled vector where there is one.</summary>
internal sealed class ClipTextHead : IDisposable
{
    private readonly ClipTextConfig _config;
    private readonly Tensor _scale, _shift;
    private readonly Tensor? _projection;

    /// <summary>Copies the weights of an encoder's own.</summary>
    public ClipTextHead(ClipTextConfig config, LayerNorm norm, Linear? projection)
    {
        _config = config;
        Tensor[] weights = [.. norm.parameters(), .. projection?.parameters() ?? []];
        Tensor[] copies = [.. weights.Select(weight => weight.detach().clone().DetachFromDisposeScope())];
        (_scale, _shift, _projection) = (copies[0], copies[1], copies.ElementAtOrDefault(2));
    }

    /// <summary>ln_f: <c>[..., width] → [..., width]</c>.</summary>
    public Tensor FinalNorm(Tensor state)
        => nn.functional.layer_norm(state, [_config.Width], _scale, _shift, _config.NormEpsilon);

    /// <summary>As <see cref="ClipTextModel.Pool"/>.</summary>
    public Tensor Pool(Tensor state, IReadOnlyList<int> ids)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pooled = state.select(1, _config.PooledPosition(ids));
        return (_projection is null ? pooled.alias() : nn.functional.linear(pooled, _projection)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _scale.Dispose();
        _shift.Dispose();
        _projection?.Dispose();
    }
}
