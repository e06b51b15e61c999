using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>One resolution of a UNet.</summary>
internal abstract class UNetBlock(string name) : nn.Module(name)
{
    /// <summary>The block's attentions to the text; none at some resolutions.</summary>
    public abstract IEnumerable<TextAttention> CrossAttentions { get; }
}

/// <summary>One resolution on the way down.</summary>
internal abstract class UNetDownBlock(string name) : UNetBlock(name)
{
    /// <summary>Runs the block and pushes every state that the way up will want onto <paramref name="skips"/>.</summary>
    /// <param name="input"><c>[B, in, H, W]</c>.</param>
    /// <param name="activatedTime">The activated time embedding, <c>[B, time width]</c>.</param>
    /// <param name="text">The text's keys and values.</param>
    /// <param name="skips">States for the way up; the block's output is the last.</param>
    public abstract void forward(Tensor input, Tensor activatedTime, CrossAttentionStates text, Stack<Tensor> skips);
}

/// <summary>The smallest resolution, between the ways down and up.</summary>
internal abstract class UNetMidBlock(string name) : UNetBlock(name)
{
    /// <summary><c>[B, C, H, W] → [B, C, H, W]</c>.</summary>
    public abstract Tensor forward(Tensor input, Tensor activatedTime, CrossAttentionStates text);
}

/// <summary>One resolution on the way up.</summary>
internal abstract class UNetUpBlock(string name) : UNetBlock(name)
{
    /// <summary>Runs the block, taking one state off <paramref name="skips"/> for each residual block.</summary>
    public abstract Tensor forward(Tensor input, Tensor activatedTime, CrossAttentionStates text, Stack<Tensor> skips);
}
