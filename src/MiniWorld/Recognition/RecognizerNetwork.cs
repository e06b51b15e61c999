using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MiniWorld.Recognition;

/// <summary>What the network says of each of the 8×8 cells of an image, as logits.</summary>
/// <param name="Things"><c>[B, 1 + things, 8, 8]</c>; class 0 is "nothing".</param>
/// <param name="Colors"><c>[B, 1 + colors, 8, 8]</c>; class 0 is "none".</param>
/// <param name="Relations"><c>[B, 3, 8, 8]</c>; none, in, on: whether the thing at the cell is in or on another.</param>
public sealed record CellLogits(Tensor Things, Tensor Colors, Tensor Relations)
{
    /// <summary>Those of some of the images.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    public CellLogits Narrow(long first, long count)
        => new(Things.narrow(0, first, count), Colors.narrow(0, first, count), Relations.narrow(0, first, count));
}

/// <summary>
/// A small residual CNN that names what each 8×8-pixel cell of a 64×64 image shows. Saying it cell by cell ties a color to the thing
/// that has it by place, so a pair of words that never occurred together is recognized like any other.
/// </summary>
public sealed class RecognizerNetwork : nn.Module
{
    private readonly Conv2d _in, _down1, _down2;
    private readonly IReadOnlyList<ResnetBlock2D> _fine, _coarse;
    private readonly GroupNorm _norm;
    private readonly Conv2d _things, _colors, _relations;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">What it tells apart.</param>
    /// <param name="placement">Where and in which type.</param>
    public RecognizerNetwork(RecognizerConfig config, Placement placement)
        : base(nameof(RecognizerNetwork))
    {
        int width = config.Width;
        DType = placement.DType;
        ResnetOptions options = new() { Groups = 8, Epsilon = 1e-5 };
        _in = this.Add("conv_in", new Conv2d(3, width / 4, 3, placement, stride: 2, padding: 1));
        _down1 = this.Add("down_1", new Conv2d(width / 4, width / 2, 3, placement, stride: 2, padding: 1));
        _fine = this.AddList("fine", [new ResnetBlock2D(width / 2, width / 2, options, placement)]);
        _down2 = this.Add("down_2", new Conv2d(width / 2, width, 3, placement, stride: 2, padding: 1));
        _coarse = this.AddList("coarse", Enumerable.Range(0, 3).Select(_ => new ResnetBlock2D(width, width, options, placement)));
        _norm = this.Add("norm_out", new GroupNorm(options.Groups, width, options.Epsilon, placement));
        _things = this.Add("things", new Conv2d(width, 1 + config.Things.Count, 1, placement));
        _colors = this.Add("colors", new Conv2d(width, 1 + config.Colors.Count, 1, placement));
        _relations = this.Add("relations", new Conv2d(width, 1 + RecognizerConfig.Relations.Count, 1, placement));
    }

    /// <summary>In which type the network computes.</summary>
    public ScalarType DType { get; }

    /// <summary>Names every cell.</summary>
    /// <param name="pixels"><c>[B, 3, 64, 64]</c>, 0..1, in the network's type.</param>
    public CellLogits forward(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = nn.functional.silu(_in.forward(pixels.Times(2).Plus(-1)));
        h = _fine.Aggregate(_down1.forward(h), (x, block) => block.forward(x, null));
        h = _coarse.Aggregate(_down2.forward(h), (x, block) => block.forward(x, null));
        h = nn.functional.silu(_norm.forward(h));
        return new(
            _things.forward(h).MoveToOuterDisposeScope(),
            _colors.forward(h).MoveToOuterDisposeScope(),
            _relations.forward(h).MoveToOuterDisposeScope());
    }
}
