using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Text;

/// <summary>The image side of the contrastive training: <c>[B, 3, 64, 64]</c>, 0..1, to <c>[B, width]</c>. It is not shipped.</summary>
internal sealed class ImageTower : nn.Module<Tensor, Tensor>
{
    private const int Channels = 128, LastChannels = 192, LastSide = 4;

    private readonly Conv2d _in, _down1, _down2, _down3;
    private readonly IReadOnlyList<ResnetBlock2D> _blocks;
    private readonly GroupNorm _norm;
    private readonly Linear _out;

    public ImageTower(int width, Placement placement)
        : base(nameof(ImageTower))
    {
        ResnetOptions options = new() { Groups = 8, Epsilon = 1e-5 };
        _in = this.Add("conv_in", new Conv2d(3, 32, 3, placement, stride: 2, padding: 1));
        _down1 = this.Add("down_1", new Conv2d(32, 64, 3, placement, stride: 2, padding: 1));
        _down2 = this.Add("down_2", new Conv2d(64, Channels, 3, placement, stride: 2, padding: 1));
        _blocks = this.AddList("blocks", Enumerable.Range(0, 2).Select(_ => new ResnetBlock2D(Channels, Channels, options, placement)));
        _down3 = this.Add("down_3", new Conv2d(Channels, LastChannels, 3, placement, stride: 2, padding: 1));
        _norm = this.Add("norm_out", new GroupNorm(options.Groups, LastChannels, options.Epsilon, placement));
        _out = this.Add("projection", new Linear(LastChannels * LastSide * LastSide, width, placement));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = nn.functional.silu(_in.forward(input.Times(2).Plus(-1)));
        h = nn.functional.silu(_down1.forward(h));
        h = _blocks.Aggregate(_down2.forward(h), (x, block) => block.forward(x, null));
        h = nn.functional.silu(_norm.forward(_down3.forward(h)));
        return _out.forward(h.flatten(1)).MoveToOuterDisposeScope();
    }
}
