using Lens.Layers;
using Lens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Lens.Denoisers;

/// <summary>
/// The text-conditioned UNet of Stable Diffusion 1.x and 2.x (diffusers: UNet2DConditionModel). Parameters have the checkpoint's
/// names (<c>down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight</c>, ...).
/// </summary>
public sealed class UNet2DConditionModel : nn.Module
{
    private readonly Conv2d _in, _out;
    private readonly IReadOnlyList<DownBlock2D> _down;
    private readonly MidBlock2D _middle;
    private readonly IReadOnlyList<UpBlock2D> _up;
    private readonly GroupNorm _norm;
    private readonly Placement _placement;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public UNet2DConditionModel(UNet2DConditionConfig config, Placement placement)
        : base(nameof(UNet2DConditionModel))
    {
        Config = config;
        _placement = placement;
        IReadOnlyList<int> widths = config.BlockOutChannels;
        _in = this.Add("conv_in", new Conv2d(config.InChannels, widths[0], 3, placement, padding: 1));
        Time = this.Add("time_embedding", new TimestepEmbedding(config, placement));
        _down = this.AddList("down_blocks", widths.Select((_, level) => new DownBlock2D(widths[Math.Max(level - 1, 0)], level, config, placement)));
        _up = this.AddList("up_blocks", widths.Select((_, index) => new UpBlock2D(index, config, placement)));
        _middle = this.Add("mid_block", new MidBlock2D(config, placement));
        _norm = this.Add("conv_norm_out", new GroupNorm(config.NormGroups, widths[0], config.NormEpsilon, placement));
        _out = this.Add("conv_out", new Conv2d(widths[0], config.OutChannels, 3, placement, padding: 1));
    }

    /// <summary>The sizes.</summary>
    public UNet2DConditionConfig Config { get; }

    internal TimestepEmbedding Time { get; }

    /// <summary>Projects the text for every cross-attention, once for all steps of a sampling run.</summary>
    /// <param name="encoderHiddenStates">What the text encoder hands over, <c>[B, T, text width]</c>.</param>
    public CrossAttentionStates ProjectText(Tensor encoderHiddenStates)
    {
        IEnumerable<Attention> all = _down.SelectMany(block => block.CrossAttentions)
            .Append(_middle.CrossAttention)
            .Concat(_up.SelectMany(block => block.CrossAttentions));
        return new(all.ToDictionary(attention => attention, attention => attention.Project(encoderHiddenStates)));
    }

    /// <summary>Predicts noise or velocity, as the model was trained to.</summary>
    /// <param name="sample">Noisy latents, <c>[B, C, h, w]</c> in the network's type.</param>
    /// <param name="timestep">0..1000, fractions allowed; <c>[]</c> for all samples or <c>[B]</c>.</param>
    /// <param name="text">The text's keys and values, a row for each sample.</param>
    /// <returns><c>[B, C, h, w]</c>.</returns>
    public Tensor forward(Tensor sample, Tensor timestep, CrossAttentionStates text)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor activatedTime = nn.functional.silu(Time.forward(timestep.expand(sample.shape[0]), _placement.DType));
        Stack<Tensor> skips = new([_in.forward(sample)]);
        foreach (DownBlock2D block in _down)
        {
            block.forward(skips.Peek(), activatedTime, text, skips);
        }

        Tensor h = _middle.forward(skips.Peek(), activatedTime, text);
        foreach (UpBlock2D block in _up)
        {
            h = block.forward(h, activatedTime, text, skips);
        }

        return _out.forward(nn.functional.silu(_norm.forward(h))).MoveToOuterDisposeScope();
    }

    /// <summary>What the residual blocks of one network share.</summary>
    internal static ResnetOptions Resnets(UNet2DConditionConfig config) => new(config.NormGroups, config.NormEpsilon, config.TimeWidth);
}
