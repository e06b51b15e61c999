using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// FLUX.2's transformer (diffusers: Flux2Transformer2DModel): text and image attend to each other in every block, padding of the text like
/// any token. It predicts the velocity from image to noise. Parameters have the checkpoint's names.
/// </summary>
internal sealed class Flux2Transformer2DModel : nn.Module
{
    /// <summary>The network knows times as training steps, of which there are so many.</summary>
    private const double TimeScale = 1000;

    private readonly TimeEmbedding _time;
    private readonly Flux2Modulation _imageModulation, _textModulation, _singleModulation;
    private readonly Linear _imageIn, _textIn, _out;
    private readonly IReadOnlyList<Flux2DoubleBlock> _doubleBlocks;
    private readonly IReadOnlyList<Flux2SingleBlock> _singleBlocks;
    private readonly FinalNorm _finalNorm;
    private readonly Placement _placement;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public Flux2Transformer2DModel(Flux2TransformerConfig config, Placement placement)
        : base(nameof(Flux2Transformer2DModel))
    {
        (Config, _placement) = (config, placement);
        _time = this.Add("time_guidance_embed", new TimeEmbedding(config, placement));
        _imageModulation = this.Add("double_stream_modulation_img", new Flux2Modulation(config.Width, branches: 2, placement));
        _textModulation = this.Add("double_stream_modulation_txt", new Flux2Modulation(config.Width, branches: 2, placement));
        _singleModulation = this.Add("single_stream_modulation", new Flux2Modulation(config.Width, branches: 1, placement));
        _imageIn = this.Add("x_embedder", new Linear(config.InChannels, config.Width, placement, bias: false));
        _textIn = this.Add("context_embedder", new Linear(config.TextWidth, config.Width, placement, bias: false));
        _doubleBlocks = this.AddList(
            "transformer_blocks", Enumerable.Range(0, config.DoubleBlockCount).Select(_ => new Flux2DoubleBlock(config, placement)));
        _singleBlocks = this.AddList(
            "single_transformer_blocks", Enumerable.Range(0, config.SingleBlockCount).Select(_ => new Flux2SingleBlock(config, placement)));
        _finalNorm = this.Add("norm_out", new FinalNorm(config, placement));
        _out = this.Add("proj_out", new Linear(config.Width, config.OutChannels, placement, bias: false));
    }

    /// <summary>What the network was built by.</summary>
    public Flux2TransformerConfig Config { get; }

    /// <summary>What is the same at every step of a text: <c>[B, S, text width] → [B, S, width]</c>.</summary>
    public Tensor ProjectText(Tensor states) => _textIn.forward(states);

    /// <summary>
    /// Positions (t, row, column, l): a text's token i is at (0, 0, 0, i), an image's at (0, row, column, 0), row by row.
    /// </summary>
    public RotaryPositions Positions(long textLength, long rows, long columns)
    {
        using DisposeScope scope = NewDisposeScope();
        return Positions(arange(textLength, ScalarType.Int64, _placement.Device), rows, columns).MoveToOuterDisposeScope();
    }

    /// <summary>The same where the text's tokens have positions of their own, <c>[S]</c> int64.</summary>
    public RotaryPositions Positions(Tensor text, long rows, long columns)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor zero = zeros_like(text);
        Tensor row = arange(rows, ScalarType.Int64, _placement.Device).repeat_interleave(columns);
        Tensor column = arange(columns, ScalarType.Int64, _placement.Device).repeat(rows), none = zeros_like(row);
        Tensor ids = cat([stack([zero, zero, zero, text], 1), stack([none, row, column, none], 1)], 0);
        return RotaryPositions.Of(ids, Config.AxisWidths, Config.RotaryTheta, _placement.DType).MoveToOuterDisposeScope();
    }

    /// <summary>The time embedding of <c>[B]</c>: <c>[B, width]</c>.</summary>
    public Tensor Time(Tensor timesteps) => _time.forward(timesteps.Times(TimeScale), _placement.DType);

    /// <param name="tokens">The noisy image's, <c>[B, T, in channels]</c>.</param>
    /// <param name="timesteps">How noisy it is, 1 (noise) to 0, <c>[B]</c>.</param>
    /// <param name="projectedText">Of <see cref="ProjectText"/>, <c>[B, S, width]</c>.</param>
    /// <param name="positions">Of <see cref="Positions(long, long, long)"/>.</param>
    /// <param name="settings">What is done to the text's rows; null: nothing.</param>
    /// <returns>The velocity, <c>[B, T, out channels]</c>.</returns>
    public Tensor forward(
        Tensor tokens, Tensor timesteps, Tensor projectedText, RotaryPositions positions, TextRowSettings? settings = null)
    {
        TextRowSettings rows = settings ?? TextRowSettings.None;
        using DisposeScope scope = NewDisposeScope();
        Tensor time = nn.functional.silu(Time(timesteps));
        BranchModulation[] image = _imageModulation.Of(time), text = _textModulation.Of(time);
        JointStates states = new(_imageIn.forward(tokens), projectedText);
        foreach (Flux2DoubleBlock block in _doubleBlocks)
        {
            states = block.forward(rows.BeforeBlock(states), image, text, positions, rows.Mask);
        }

        BranchModulation single = _singleModulation.Of(time)[0];
        Tensor all = cat([states.Text, states.Image], 1);
        foreach (Flux2SingleBlock block in _singleBlocks)
        {
            all = block.forward(rows.BeforeBlock(all), single, positions, rows.Mask);
        }

        Tensor pictured = all.narrow(1, projectedText.shape[1], tokens.shape[1]);
        return _out.forward(_finalNorm.forward(pictured, time)).MoveToOuterDisposeScope();
    }

    /// <summary>Sinusoids, then two linear maps.</summary>
    private sealed class TimeEmbedding : nn.Module
    {
        private readonly TimeMlp _mlp;
        private readonly int _count;

        public TimeEmbedding(Flux2TransformerConfig config, Placement placement)
            : base(nameof(TimeEmbedding))
        {
            _count = config.SinusoidCount;
            _mlp = this.Add("timestep_embedder", new TimeMlp(config, placement));
        }

        public Tensor forward(Tensor timesteps, ScalarType dtype)
        {
            using DisposeScope scope = NewDisposeScope();
            return _mlp.forward(new Sinusoids(_count).Of(timesteps, dtype)).MoveToOuterDisposeScope();
        }
    }

    private sealed class TimeMlp : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _in, _out;

        public TimeMlp(Flux2TransformerConfig config, Placement placement)
            : base(nameof(TimeMlp))
        {
            _in = this.Add("linear_1", new Linear(config.SinusoidCount, config.Width, placement, bias: false));
            _out = this.Add("linear_2", new Linear(config.Width, config.Width, placement, bias: false));
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            return _out.forward(nn.functional.silu(_in.forward(input))).MoveToOuterDisposeScope();
        }
    }

    /// <summary>A layer norm that time scales and shifts; here the scale comes first.</summary>
    private sealed class FinalNorm : nn.Module
    {
        private readonly Linear _linear;
        private readonly double _epsilon;

        public FinalNorm(Flux2TransformerConfig config, Placement placement)
            : base(nameof(FinalNorm))
        {
            _epsilon = config.NormEpsilon;
            _linear = this.Add("linear", new Linear(config.Width, 2 * config.Width, placement, bias: false));
        }

        public Tensor forward(Tensor tokens, Tensor activatedTime)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor[] parts = _linear.forward(activatedTime).unsqueeze(1).chunk(2, -1);
            BranchModulation modulation = new(Shift: parts[1], Scale: parts[0], Gate: parts[0]);
            return modulation.Normed(tokens, _epsilon).MoveToOuterDisposeScope();
        }
    }
}
