using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Conv2d = DiffusionLens.Layers.Conv2d;

namespace DiffusionLens.Denoisers;

/// <summary>
/// An image's patches as tokens, each with its position's vector from the middle of a square table (diffusers: PatchEmbed with
/// <c>pos_embed_max_size</c>).
/// </summary>
internal sealed class PositionedPatches : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _projection;
    private readonly Parameter _positions;
    private readonly int _patch, _side;

    public PositionedPatches(SD3TransformerConfig config, Placement placement)
        : base(nameof(PositionedPatches))
    {
        (_patch, _side) = (config.PatchSize, config.PositionTableSide);
        _projection = this.Add("proj", new Conv2d(config.InChannels, config.Width, _patch, placement, stride: _patch));
        _positions = this.AddParameter("pos_embed", placement, 1, (long)_side * _side, config.Width);
    }

    /// <summary><c>[B, C, h, w] → [B, h w / patch², width]</c>, row by row; h and w are at most the table's side in patches.</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        long rows = input.shape[2] / _patch, columns = input.shape[3] / _patch;
        Tensor table = _positions.view(1, _side, _side, -1);
        Tensor middle = table.narrow(1, (_side - rows) / 2, rows).narrow(2, (_side - columns) / 2, columns).flatten(1, 2);
        return _projection.forward(input).flatten(2).transpose(1, 2).Plus(middle).MoveToOuterDisposeScope();
    }
}
