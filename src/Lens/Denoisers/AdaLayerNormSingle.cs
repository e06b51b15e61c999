using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// The time embedding of PixArt and SANA, with the image's size where the model is told it, and one linear map of it that gives the shifts,
/// scales and gates of all blocks, to which each adds a table of its own (adaLN-single, arXiv 2310.00426; diffusers: AdaLayerNormSingle).
/// </summary>
internal sealed class AdaLayerNormSingle : nn.Module
{
    /// <summary>Shift, scale and gate of the attention, then of the feed-forward layer.</summary>
    public const int PartCount = 6;

    /// <summary>How many numbers say the size: height, width and their ratio share the embedding's width.</summary>
    public const int SizeCount = 3;

    private static readonly Sinusoids Waves = new(256);

    private readonly Embedder _embedder;
    private readonly Linear _linear;

    /// <param name="width">Width of the tokens.</param>
    /// <param name="readsSize">Whether the model is told the image's size; then the width is a multiple of 3.</param>
    /// <param name="placement">Where and in which type.</param>
    public AdaLayerNormSingle(int width, bool readsSize, Placement placement)
        : base(nameof(AdaLayerNormSingle))
    {
        _embedder = this.Add("emb", new Embedder(width, readsSize, placement));
        _linear = this.Add("linear", new Linear(width, PartCount * width, placement));
    }

    /// <param name="timesteps">0..1000, one for each sample, <c>[B]</c>.</param>
    /// <param name="size">Height and width in pixels and height / width, <c>[B, 3]</c>; null where the model is not told.</param>
    /// <param name="dtype">The network's type.</param>
    /// <returns>What time and size say of the blocks and of the end.</returns>
    public TimeParts forward(Tensor timesteps, Tensor? size, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor embedding = _embedder.forward(timesteps, size, dtype);
        Tensor parts = _linear.forward(nn.functional.silu(embedding)).unflatten(1, PartCount, -1);
        return new TimeParts(embedding.MoveToOuterDisposeScope(), parts.MoveToOuterDisposeScope());
    }

    private sealed class Embedder : nn.Module
    {
        private readonly TwoLayerMap _time;
        private readonly TwoLayerMap? _lengths, _ratio;

        public Embedder(int width, bool readsSize, Placement placement)
            : base(nameof(Embedder))
        {
            _time = this.Add("timestep_embedder", new TwoLayerMap(Waves.Width, width, placement));
            if (readsSize)
            {
                _lengths = this.Add("resolution_embedder", new TwoLayerMap(Waves.Width, width / SizeCount, placement));
                _ratio = this.Add("aspect_ratio_embedder", new TwoLayerMap(Waves.Width, width / SizeCount, placement));
            }
        }

        public Tensor forward(Tensor timesteps, Tensor? size, ScalarType dtype)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor time = _time.forward(Waves.Of(timesteps, dtype));
            if (_lengths is null)
            {
                return time.MoveToOuterDisposeScope();
            }

            ArgumentNullException.ThrowIfNull(size);
            Tensor waves = Waves.Of(size.flatten(), dtype).unflatten(0, -1, SizeCount);
            Tensor lengths = _lengths.forward(waves.narrow(1, 0, 2)).flatten(1), ratio = _ratio!.forward(waves.select(1, 2));
            return time.Plus(cat([lengths, ratio], 1)).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>What the time says, and where the model is told it the size.</summary>
/// <param name="Embedding">Not activated, <c>[B, width]</c>.</param>
/// <param name="Parts">
/// Shift, scale and gate of the attention, then of the feed-forward layer, for all blocks, <c>[B, 6, width]</c>.
/// </param>
internal readonly record struct TimeParts(Tensor Embedding, Tensor Parts)
{
    /// <summary>A table's rows with what the time adds to them, each <c>[B, 1, width]</c>; the caller's scope owns them.</summary>
    /// <param name="table">A block's own, <c>[6, width]</c>.</param>
    public Tensor[] Of(Tensor table) => Parts.Plus(table.unsqueeze(0)).split(1, 1);

    /// <summary>The same of the end: shift and scale.</summary>
    /// <param name="table"><c>[2, width]</c>.</param>
    public Tensor[] OfEnd(Tensor table) => Embedding.unsqueeze(1).Plus(table.unsqueeze(0)).split(1, 1);
}
