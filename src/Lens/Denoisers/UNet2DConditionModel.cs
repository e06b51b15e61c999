using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// The text-conditioned UNet of Stable Diffusion 1.x, 2.x and XL and of DeepFloyd IF (diffusers: UNet2DConditionModel). Parameters have the
/// checkpoint's names (<c>down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight</c>, ...).
/// </summary>
public sealed class UNet2DConditionModel : nn.Module
{
    private readonly Conv2d _in, _out;
    private readonly Linear? _textProjection;
    private readonly TextTimeEmbedding? _textTime;
    private readonly TextSizeEmbedding? _textSize;
    private readonly TimestepEmbedding? _noiseLevel;
    private readonly IReadOnlyList<DownBlock2D> _down;
    private readonly MidBlock2D? _middle;
    private readonly IReadOnlyList<UpBlock2D> _up;
    private readonly GroupNorm _norm;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly Func<Tensor, Tensor>? _timeActivation;
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
        _activation = Activation.Named(config.Activation, "act_fn");
        _timeActivation = config.Simple?.TimeActivation is { } name ? Activation.Named(name, "time_embedding_act_fn") : null;
        _in = this.Add("conv_in", new Conv2d(config.InChannels, widths[0], 3, placement, padding: 1));
        Time = this.Add("time_embedding", new TimestepEmbedding(config, placement));
        if (config.Simple is { } simple)
        {
            _textProjection = this.Add("encoder_hid_proj", new Linear(simple.StateWidth, config.TextWidth, placement));
            _noiseLevel = simple.EmbedsNoiseLevel ? this.Add("class_embedding", new TimestepEmbedding(config, placement)) : null;
            _textTime = this.Add("add_embedding", new TextTimeEmbedding(config, placement));
        }

        _textSize = config.TextTime is null ? null : this.Add("add_embedding", new TextSizeEmbedding(config, placement));
        _down = this.AddList("down_blocks", widths.Select((_, level) => new DownBlock2D(level, config, placement)));
        _up = this.AddList("up_blocks", widths.Select((_, index) => new UpBlock2D(index, config, placement)));
        _middle = config.HasMidBlock ? this.Add("mid_block", new MidBlock2D(config, placement)) : null;
        _norm = this.Add("conv_norm_out", new GroupNorm(config.NormGroups, widths[0], config.NormEpsilon, placement));
        _out = this.Add("conv_out", new Conv2d(widths[0], config.OutChannels, 3, placement, padding: 1));
    }

    /// <summary>What the network was built by.</summary>
    public UNet2DConditionConfig Config { get; }

    internal TimestepEmbedding Time { get; }

    /// <summary>Projects the text for every cross-attention, once for all steps of a sampling run.</summary>
    /// <param name="encoderHiddenStates">What the text encoder hands over, <c>[B, T, width of its states]</c>.</param>
    public CrossAttentionStates ProjectText(Tensor encoderHiddenStates)
    {
        IEnumerable<UNetBlock> blocks = [.. _down, .. _middle is null ? [] : new[] { _middle }, .. _up];
        using DisposeScope scope = NewDisposeScope();
        Tensor text = _textProjection?.forward(encoderHiddenStates) ?? encoderHiddenStates;
        Dictionary<ITextAttention, TextKeyValue> states = [];
        foreach (ITextAttention attention in blocks.SelectMany(block => block.CrossAttentions))
        {
            (Tensor key, Tensor value) = attention.Project(text);
            states.Add(attention, new(key.MoveToOuterDisposeScope(), value.MoveToOuterDisposeScope()));
        }

        return new(states, _textTime?.forward(encoderHiddenStates).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The share of the time embedding that the pooled text and the image's size have, for UNets with
    /// <see cref="UNet2DConditionConfig.TextTime"/>: what <see cref="CrossAttentionStates.With"/> takes.
    /// </summary>
    /// <param name="pooled">The pooled text, <c>[B, pooled width]</c> in the network's type.</param>
    /// <param name="timeIds">
    /// In pixels, <c>[B, 6]</c>: height and width of the original image, top and left of what was cut out of it, height and width wanted.
    /// </param>
    /// <returns><c>[B, time width]</c>.</returns>
    /// <exception cref="InvalidOperationException">The UNet has no such share.</exception>
    public Tensor TimeShare(Tensor pooled, Tensor timeIds)
        => (_textSize ?? throw new InvalidOperationException("This UNet reads no pooled text.")).forward(pooled, timeIds);

    /// <summary>Predicts noise or velocity, as the model was trained to.</summary>
    /// <param name="sample">
    /// Noisy latents or pixels, <c>[B, C, h, w]</c> in the network's type; stage II of DeepFloyd IF has the low-resolution image in
    /// channels after them.
    /// </param>
    /// <param name="timestep">0..1000, fractions allowed; <c>[]</c> for all samples or <c>[B]</c>.</param>
    /// <param name="text">What <see cref="ProjectText"/> made, a row for each sample.</param>
    /// <param name="noiseLevel">
    /// How noisy the low-resolution image is, 0..1000, like <paramref name="timestep"/>; stage II alone takes it.
    /// </param>
    /// <returns><c>[B, out channels, h, w]</c>.</returns>
    public Tensor forward(Tensor sample, Tensor timestep, CrossAttentionStates text, Tensor? noiseLevel = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor activatedTime = ActivatedTime(sample.shape[0], timestep, text, noiseLevel);
        Stack<Tensor> skips = new([_in.forward(sample)]);
        foreach (DownBlock2D block in _down)
        {
            block.forward(skips.Peek(), activatedTime, text, skips);
        }

        Tensor h = _middle?.forward(skips.Peek(), activatedTime, text) ?? skips.Peek();
        foreach (UpBlock2D block in _up)
        {
            h = block.forward(h, activatedTime, text, skips);
        }

        return _out.forward(_activation(_norm.forward(h))).MoveToOuterDisposeScope();
    }

    /// <summary>The time embedding as the residual blocks take it: what each would do to it is done once here.</summary>
    private Tensor ActivatedTime(long samples, Tensor timestep, CrossAttentionStates text, Tensor? noiseLevel)
    {
        Tensor embedding = Time.forward(timestep.expand(samples), _placement.DType);
        if (_noiseLevel is not null)
        {
            Tensor level = noiseLevel ?? throw new ArgumentNullException(nameof(noiseLevel), "this network was trained with a noise level");
            embedding = embedding.Plus(_noiseLevel.forward(level.expand(samples), _placement.DType));
        }

        embedding = text.TimeShare is null ? embedding : embedding.Plus(text.TimeShare);
        embedding = _timeActivation?.Invoke(embedding) ?? embedding;
        return Config.Simple is { ActivatesTime: false } ? embedding : _activation(embedding);
    }
}
