using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace DiffusionLens.ImageEncoders;

/// <summary>
/// CLIP of text and images (transformers: CLIPModel; Radford et al., arXiv 2103.00020), with the checkpoint's names.
/// </summary>
internal sealed class ClipNetwork : nn.Module
{
    private readonly Linear _visualProjection;
    private readonly Parameter _logitScale;

    public ClipNetwork(ClipConfig config, Placement placement)
        : base(nameof(ClipNetwork))
    {
        Text = new ClipTextModel(config.Text, placement, hasProjection: true);
        foreach ((string name, nn.Module part) in Text.named_children())
        {
            register_module(name, part);
        }

        Vision = this.Add("vision_model", new ClipVisionModel(config.Vision, placement));
        _visualProjection = this.Add(
            "visual_projection", new Linear(config.Vision.Block.Width, config.ProjectionWidth, placement, bias: false));
        _logitScale = this.AddParameter("logit_scale", placement);
    }

    /// <summary>The text encoder, with its projection.</summary>
    public ClipTextModel Text { get; }

    /// <summary>The image encoder.</summary>
    public ClipVisionModel Vision { get; }

    /// <summary>Logits are the cosine times e to this: a scalar.</summary>
    public Tensor LogitScale => _logitScale;

    /// <summary>Images in the common space, of length 1: <c>[B, 3, S, S] → [B, projection width]</c>.</summary>
    public Tensor EmbedImages(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        return OfLengthOne(_visualProjection.forward(Vision.forward(pixels))).MoveToOuterDisposeScope();
    }

    /// <summary>A text in the common space, of length 1: <c>[1, projection width]</c>.</summary>
    /// <param name="ids">Its ids, as many as there are positions at most.</param>
    public Tensor EmbedText(IReadOnlyList<int> ids)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor input = tensor(ids.Select(id => (long)id).ToArray(), [1, ids.Count], device: _logitScale.device);
        Tensor state = Text.FinalNorm(Text.Trace(input).HiddenStates[^1]);
        return OfLengthOne(Text.Pool(state, ids)).MoveToOuterDisposeScope();
    }

    private static Tensor OfLengthOne(Tensor vectors) => vectors.div(vectors.mul(vectors).sum(-1, keepdim: true).sqrt());
}
