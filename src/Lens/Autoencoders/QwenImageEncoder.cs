using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>The encoder half of Qwen-Image's autoencoder, of one frame: <c>[B, 3, H, W] → [B, 2 · latent, h, w]</c>.</summary>
internal sealed class QwenImageEncoder : nn.Module<Tensor, Tensor>
{
    private readonly FrameConv _in, _out;
    private readonly IReadOnlyList<nn.Module<Tensor, Tensor>> _blocks;
    private readonly QwenImageMiddle _middle;
    private readonly ChannelNorm _norm;

    public QwenImageEncoder(AutoencoderKLQwenImageConfig config, Placement placement)
        : base(nameof(QwenImageEncoder))
    {
        IReadOnlyList<int> widths = config.Widths;
        _in = this.Add("conv_in", new FrameConv(3, config.FirstWidth, 3, placement));
        _blocks = this.AddList("down_blocks", Blocks(config, placement));
        _middle = this.Add("mid_block", new QwenImageMiddle(widths[^1], placement));
        _norm = this.Add("norm_out", new ChannelNorm(widths[^1], ofVideo: true, placement));
        _out = this.Add("conv_out", new FrameConv(widths[^1], 2 * config.LatentChannels, 3, placement));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _blocks.Aggregate(_in.forward(input), (x, block) => block.forward(x));
        return _out.forward(nn.functional.silu(_norm.forward(_middle.forward(h)))).MoveToOuterDisposeScope();
    }

    /// <summary>The checkpoint has the blocks of all levels and what stands between levels in one list.</summary>
    private static IEnumerable<nn.Module<Tensor, Tensor>> Blocks(AutoencoderKLQwenImageConfig config, Placement placement)
    {
        int width = config.FirstWidth;
        for (int level = 0; level < config.Widths.Count; level++)
        {
            for (int layer = 0; layer < config.LayersPerLevel; layer++)
            {
                yield return new QwenImageResnet(width, config.Widths[level], placement);
                width = config.Widths[level];
            }

            if (level < config.Widths.Count - 1)
            {
                yield return QwenImageResample.Down(width, placement);
            }
        }
    }
}
