using DiffusionLens.Layers;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>One resolution of a UNet: residual blocks, each followed by attention to the text where the resolution has it.</summary>
internal abstract class UNetBlock(string name) : nn.Module(name)
{
    /// <summary>The block's attentions to the text; none at some resolutions.</summary>
    public IEnumerable<ITextAttention> CrossAttentions => Attentions.SelectMany(attention => attention.Crosses);

    protected abstract IReadOnlyList<ImageAttention> Attentions { get; }

    /// <summary>What the residual blocks of one network share, in the middle block up to <see cref="ResnetOptions.OutputScale"/>.</summary>
    protected static ResnetOptions Resnets(UNet2DConditionConfig config) => new()
    {
        Groups = config.NormGroups,
        Epsilon = config.NormEpsilon,
        Activation = config.Activation,
        TimeWidth = config.TimeWidth,
        TimeScalesAndShifts = config.Simple is not null,
        OutputScale = config.Simple?.ResnetScale ?? 1,
    };
}
