using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using TorchSharp;
using static TorchSharp.torch;
using Linear = DiffusionLens.Layers.Linear;
using Parameter = TorchSharp.Modules.Parameter;

namespace Training.Text;

/// <summary>Text encoder and image tower in one space, as CLIP is trained (Radford et al. 2021).</summary>
internal sealed class ContrastiveModel : nn.Module
{
    private const int Width = 256;

    private readonly ImageTower _images;
    private readonly Linear _projection;
    private readonly Parameter _logScale;

    public ContrastiveModel(ClipTextConfig config, Placement placement)
        : base(nameof(ContrastiveModel))
    {
        Text = this.Add("text", new ClipTextModel(config, placement));
        _images = this.Add("pictures", new ImageTower(Width, placement));
        _projection = this.Add("text_projection", new Linear(config.Width, Width, placement, bias: false));
        _logScale = this.AddParameter("log_scale", placement, 1);
    }

    public ClipTextModel Text { get; }

    /// <summary>Unit vectors of captions, [captions, width] float32: the normed last state at the end token.</summary>
    /// <param name="ids">[captions, T] int64.</param>
    /// <param name="ends">Where each caption's end token is, [captions] int64.</param>
    public Tensor OfCaptions(Tensor ids, Tensor ends)
    {
        using DisposeScope scope = NewDisposeScope();
        TextTrace trace = Text.Trace(ids);
        Tensor last = trace.HiddenStates[^1];
        Tensor at = arange(ids.shape[0], ScalarType.Int64).mul(tensor(ids.shape[1])).Plus(ends);
        Tensor pooled = Text.FinalNorm(last.reshape(-1, last.shape[2]).index_select(0, at));
        return Unit(_projection.forward(pooled)).MoveToOuterDisposeScope();
    }

    /// <summary>Unit vectors of images, [images, width] float32.</summary>
    public Tensor OfImages(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        return Unit(_images.forward(pixels)).MoveToOuterDisposeScope();
    }

    /// <summary>Similarities times the learned scale (at most 100), [images, captions] float32.</summary>
    public Tensor Logits(Tensor images, Tensor captions)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor scale = _logScale.to(ScalarType.Float32).Times(4).ClampTo(0, Math.Log(100)).exp();
        return images.matmul(captions.t()).mul(scale).MoveToOuterDisposeScope();
    }

    private static Tensor Unit(Tensor x) => nn.functional.normalize(x.to(ScalarType.Float32), dim: -1);
}
