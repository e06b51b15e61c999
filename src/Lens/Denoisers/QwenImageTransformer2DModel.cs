using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// Qwen-Image's transformer (diffusers: QwenImageTransformer2DModel): text and image have weights of their own in every block and attend to
/// each other. It predicts the velocity from image to noise. Parameters have the checkpoint's names.
/// </summary>
internal sealed class QwenImageTransformer2DModel : nn.Module
{
    private const double Theta = 10_000, Epsilon = 1e-6;

    private readonly TimeEmbedding _time;
    private readonly RmsNorm _textNorm;
    private readonly Linear _imageIn, _textIn, _out;
    private readonly IReadOnlyList<QwenImageBlock> _blocks;
    private readonly AdaLayerNorm _norm;
    private readonly Placement _placement;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public QwenImageTransformer2DModel(QwenImageTransformerConfig config, Placement placement)
        : base(nameof(QwenImageTransformer2DModel))
    {
        (Config, _placement) = (config, placement);
        _time = this.Add("time_text_embed", new TimeEmbedding(config.Width, placement));
        _textNorm = this.Add("txt_norm", new RmsNorm(config.TextWidth, Epsilon, placement));
        _imageIn = this.Add("img_in", new Linear(config.InChannels, config.Width, placement));
        _textIn = this.Add("txt_in", new Linear(config.TextWidth, config.Width, placement));
        _blocks = this.AddList("transformer_blocks", Enumerable.Range(0, config.LayerCount)
            .Select(_ => new QwenImageBlock(config.BlockShape(), placement)));
        _norm = this.Add("norm_out", new AdaLayerNorm(config.Width, 2, placement));
        _out = this.Add("proj_out", new Linear(config.Width, config.OutChannels, placement));
    }

    /// <summary>What the network was built by.</summary>
    public QwenImageTransformerConfig Config { get; }

    /// <summary>
    /// The text's states as tokens, the same at every step: <c>[B, S, text width] → [B, S, width]</c>. A row's length is lost.
    /// </summary>
    public Tensor ProjectText(Tensor states)
    {
        using DisposeScope scope = NewDisposeScope();
        return _textIn.forward(_textNorm.forward(states)).MoveToOuterDisposeScope();
    }

    /// <summary>The time embedding of <c>[B]</c>: <c>[B, width]</c>.</summary>
    public Tensor Time(Tensor timesteps) => _time.forward(timesteps, _placement.DType);

    /// <param name="tokens">The noisy image's, <c>[B, T, in channels]</c>.</param>
    /// <param name="timesteps">How noisy it is, 1 (noise) to 0, <c>[B]</c>.</param>
    /// <param name="projectedText">Of <see cref="ProjectText"/>, <c>[B, S, width]</c>.</param>
    /// <param name="positions">Of <see cref="Positions(long, long, long)"/>.</param>
    /// <param name="settings">What is done to the text's rows; null: nothing. Those that are masked keep their positions.</param>
    /// <returns>The velocity, <c>[B, T, out channels]</c>.</returns>
    public Tensor forward(
        Tensor tokens, Tensor timesteps, Tensor projectedText, RotaryPositions positions, TextRowSettings? settings = null)
    {
        TextRowSettings rows = settings ?? TextRowSettings.None;
        using DisposeScope scope = NewDisposeScope();
        Tensor time = nn.functional.silu(Time(timesteps));
        JointStates states = new(_imageIn.forward(tokens), projectedText);
        foreach (QwenImageBlock block in _blocks)
        {
            using DisposeScope step = NewDisposeScope();
            JointStates next = block.forward(rows.BeforeBlock(states), time, positions, rows.Mask);
            Tensor image = FluxTransformer2DModel.Bounded(next.Image), text = FluxTransformer2DModel.Bounded(next.Text);
            states = new(image.MoveToOuterDisposeScope(), text.MoveToOuterDisposeScope());
        }

        Tensor[] ends = _norm.Parts(time);
        return _out.forward(AdaLayerNorm.Modulated(states.Image, shift: ends[1], scale: ends[0])).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Positions (frame, row, column), counted from the image's middle: of h rows the first is -⌈h/2⌉. The text goes on from the
    /// image's longer side, on all three axes at once, so that the size of the image moves it: its token i is at
    /// max(⌊h/2⌋, ⌊w/2⌋) + i.
    /// </summary>
    /// <param name="textLength">S.</param>
    /// <param name="rows">Of the image's tokens: h.</param>
    /// <param name="columns">w.</param>
    /// <returns>Of the text's tokens, then the image's, row by row.</returns>
    public RotaryPositions Positions(long textLength, long rows, long columns)
    {
        using DisposeScope scope = NewDisposeScope();
        return Positions(arange(textLength, ScalarType.Int64, _placement.Device), rows, columns).MoveToOuterDisposeScope();
    }

    /// <summary>The same where the text's tokens are others than the first S, <c>[S]</c> int64.</summary>
    public RotaryPositions Positions(Tensor tokens, long rows, long columns)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar first = Math.Max(rows / 2, columns / 2);
        Tensor text = tokens.Plus(first);
        Tensor row = FromMiddle(rows).repeat_interleave(columns), column = FromMiddle(columns).repeat(rows);
        Tensor ids = cat([stack([text, text, text], 1), stack([zeros_like(row), row, column], 1)], 0);
        return RotaryPositions.Of(ids, Config.AxisWidths, Theta, _placement.DType).MoveToOuterDisposeScope();

        Tensor FromMiddle(long length) => arange((length / 2) - length, length / 2, ScalarType.Int64, _placement.Device);
    }

    private sealed class TimeEmbedding : nn.Module
    {
        /// <summary>The network knows times as training steps, of which there are so many.</summary>
        private const double TimeScale = 1000;

        private static readonly Sinusoids Waves = new(256);

        private readonly TwoLayerMap _map;

        public TimeEmbedding(int width, Placement placement)
            : base(nameof(TimeEmbedding)) => _map = this.Add("timestep_embedder", new TwoLayerMap(Waves.Width, width, placement));

        public Tensor forward(Tensor timesteps, ScalarType dtype)
        {
            using DisposeScope scope = NewDisposeScope();
            return _map.forward(Waves.Of(timesteps.Times(TimeScale), dtype)).MoveToOuterDisposeScope();
        }
    }
}
