using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>What follows a residual block where a resolution attends to the text: <c>[B, C, H, W] → [B, C, H, W]</c>, residual.</summary>
internal abstract class ImageAttention(string name) : nn.Module(name)
{
    /// <summary>The parts that read the text.</summary>
    public abstract IEnumerable<ITextAttention> Crosses { get; }

    /// <param name="input"><c>[B, C, H, W]</c>.</param>
    /// <param name="text">The text's keys and values.</param>
    public abstract Tensor forward(Tensor input, CrossAttentionStates text);

    /// <summary>Stable Diffusion's transformer, or DeepFloyd IF's single attention.</summary>
    /// <param name="level">Which resolution, 0 the largest.</param>
    /// <param name="depth">How many blocks a transformer has.</param>
    /// <param name="config">The network's sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public static ImageAttention Create(int level, int depth, UNet2DConditionConfig config, Placement placement)
    {
        int width = config.BlockOutChannels[level];
        return config.Simple is null
            ? new Transformer2DModel(width, config.HeadCounts[level], depth, config, placement)
            : new AddedKVAttention(width, config, placement);
    }
}
