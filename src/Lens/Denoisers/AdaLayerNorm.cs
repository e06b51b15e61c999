using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// What the conditioning vector says of a stream: shifts and scales of its layer norms, which have none of their own, and gates of what is
/// added to it (adaLN, arXiv 2212.09748).
/// </summary>
internal sealed class AdaLayerNorm : nn.Module
{
    private const double Epsilon = 1e-6;

    private readonly Linear _linear;
    private readonly int _parts;

    /// <param name="width">Width of the stream and of the vector.</param>
    /// <param name="parts">How many shifts, scales and gates.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <param name="name">What the checkpoint calls its linear map.</param>
    public AdaLayerNorm(int width, int parts, Placement placement, string name = "linear")
        : base(nameof(AdaLayerNorm))
    {
        _parts = parts;
        _linear = this.Add(name, new Linear(width, parts * width, placement));
    }

    /// <summary>The parts in the checkpoint's order, each <c>[B, 1, width]</c>.</summary>
    /// <param name="activated">The activated conditioning vector, <c>[B, width]</c>: the same for all blocks, so computed once.</param>
    public Tensor[] Parts(Tensor activated)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] parts = _linear.forward(activated).unsqueeze(1).chunk(_parts, -1);
        return [.. parts.Select(part => part.MoveToOuterDisposeScope())];
    }

    /// <summary><c>norm(x) (1 + scale) + shift</c>: <c>[B, T, width] → [B, T, width]</c>.</summary>
    /// <param name="x">Normed without weights.</param>
    /// <param name="shift"><c>[B, 1, width]</c>.</param>
    /// <param name="scale"><c>[B, 1, width]</c>.</param>
    /// <param name="epsilon">Of the norm.</param>
    public static Tensor Modulated(Tensor x, Tensor shift, Tensor scale, double epsilon = Epsilon)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor normed = nn.functional.layer_norm(x, [x.shape[^1]], eps: epsilon);
        return normed.mul(scale.Plus(1)).Plus(shift).MoveToOuterDisposeScope();
    }
}
