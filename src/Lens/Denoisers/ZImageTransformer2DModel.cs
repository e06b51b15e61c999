using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Linear = DiffusionLens.Layers.Linear;

namespace DiffusionLens.Denoisers;

/// <summary>
/// Z-Image's transformer (diffusers: ZImageTransformer2DModel): image and caption are refined each by itself, then go as one sequence
/// through the rest. Both are filled up to a multiple of 32 tokens with learned ones that are attended to like any. It predicts the
/// velocity from noise to image. Parameters have the checkpoint's names.
/// </summary>
internal sealed class ZImageTransformer2DModel : nn.Module
{
    private const int Patch = ZImageTransformerConfig.Patch;
    private const string PatchKey = "2-1";

    private readonly Parameter _imageFilling, _captionFilling;
    private readonly ZImageTime _time;
    private readonly Linear _imageIn;
    private readonly CaptionEmbedding _captionIn;
    private readonly IReadOnlyList<ZImageBlock> _imageRefiner, _captionRefiner, _layers;
    private readonly FinalLayer _out;
    private readonly Placement _placement;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public ZImageTransformer2DModel(ZImageTransformerConfig config, Placement placement)
        : base(nameof(ZImageTransformer2DModel))
    {
        (Config, _placement) = (config, placement);
        _imageFilling = this.AddParameter("x_pad_token", placement, 1, config.Width);
        _captionFilling = this.AddParameter("cap_pad_token", placement, 1, config.Width);
        _imageIn = Keyed("all_x_embedder", new Linear(config.PatchValues, config.Width, placement));
        _out = Keyed("all_final_layer", new FinalLayer(config, placement));
        _imageRefiner = Blocks("noise_refiner", config.RefinerCount, knowsTime: true);
        _captionRefiner = Blocks("context_refiner", config.RefinerCount, knowsTime: false);
        _time = this.Add("t_embedder", new ZImageTime(config, placement));
        _captionIn = this.Add("cap_embedder", new CaptionEmbedding(config, placement));
        _layers = Blocks("layers", config.LayerCount, knowsTime: true);

        IReadOnlyList<ZImageBlock> Blocks(string name, int count, bool knowsTime)
            => this.AddList(name, Enumerable.Range(0, count).Select(_ => new ZImageBlock(config, knowsTime, placement)));

        // Checkpoints could have weights for several sizes of patches, by name.
        T Keyed<T>(string name, T module)
            where T : nn.Module
        {
            this.Add(name, new Dictionary()).Add(PatchKey, module);
            return module;
        }
    }

    /// <summary>What the network was built by.</summary>
    public ZImageTransformerConfig Config { get; }

    /// <summary>
    /// A caption as the image sees it at every step, filled up and refined: <c>[1, n, text width] → [1, N, width]</c>, N the next
    /// multiple of 32.
    /// </summary>
    public Tensor RefineCaption(Tensor states)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor tokens = Filled(_captionIn.forward(states), _captionFilling);
        RotaryPositions positions = Turning(CaptionPositions(tokens.shape[1]));
        return _captionRefiner.Aggregate(tokens, (x, block) => block.forward(x, positions, time: null)).MoveToOuterDisposeScope();
    }

    /// <summary>The time embedding of <c>[B]</c>: <c>[B, time width]</c>.</summary>
    public Tensor Time(Tensor timesteps) => _time.forward(timesteps.Times(Config.TimeScale), _placement.DType);

    /// <param name="latents">The noisy image, <c>[B, C, h, w]</c>; h and w are even.</param>
    /// <param name="timesteps">How far it is, 0 (noise) to 1 (image), <c>[B]</c>.</param>
    /// <param name="caption">Of <see cref="RefineCaption"/>, <c>[1 or B, N, width]</c>.</param>
    /// <returns>The velocity from noise to image, <c>[B, C, h, w]</c>.</returns>
    public Tensor forward(Tensor latents, Tensor timesteps, Tensor caption)
    {
        using DisposeScope scope = NewDisposeScope();
        long rows = latents.shape[2] / Patch, columns = latents.shape[3] / Patch, captionLength = caption.shape[1];
        Tensor time = Time(timesteps), image = Filled(_imageIn.forward(Patches(latents)), _imageFilling);
        Tensor imageIds = ImagePositions(captionLength, rows, columns);
        RotaryPositions positions = Turning(imageIds), all = Turning(cat([imageIds, CaptionPositions(captionLength)], 0));
        image = _imageRefiner.Aggregate(image, (x, block) => block.forward(x, positions, time));
        Tensor tokens = cat([image, caption.expand(image.shape[0], -1, -1)], 1);
        tokens = _layers.Aggregate(tokens, (x, block) => block.forward(x, all, time));
        return Unpatched(_out.forward(tokens.narrow(1, 0, rows * columns), time), rows, columns).MoveToOuterDisposeScope();
    }

    /// <summary>Positions (frame, row, column) of a caption's tokens, those that fill it up included: one frame each, from 1 on.</summary>
    internal Tensor CaptionPositions(long length)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor frames = arange(1, length + 1, ScalarType.Int64, _placement.Device);
        return stack([frames, zeros_like(frames), zeros_like(frames)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The image is the frame after the caption's last; what fills it up is at (0, 0, 0).</summary>
    internal Tensor ImagePositions(long captionLength, long rows, long columns)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor row = arange(rows, ScalarType.Int64, _placement.Device).repeat_interleave(columns);
        Tensor column = arange(columns, ScalarType.Int64, _placement.Device).repeat(rows);
        Tensor ids = stack([full_like(row, captionLength + 1), row, column], 1);
        long filling = ZImageTransformerConfig.Filled(ids.shape[0]) - ids.shape[0];
        return nn.functional.pad(ids, [0, 0, 0, filling]).MoveToOuterDisposeScope();
    }

    private RotaryPositions Turning(Tensor ids) => RotaryPositions.Of(ids, Config.AxisWidths, Config.RotaryTheta, _placement.DType);

    private static Tensor Filled(Tensor tokens, Tensor filling)
    {
        long missing = ZImageTransformerConfig.Filled(tokens.shape[1]) - tokens.shape[1];
        return missing == 0 ? tokens : cat([tokens, filling.expand(tokens.shape[0], missing, -1)], 1);
    }

    /// <summary><c>[B, C, h, w] → [B, h w / 4, 4 C]</c>, row by row; in a token the channel runs fastest.</summary>
    private static Tensor Patches(Tensor latents)
        => latents.unflatten(3, -1, Patch).unflatten(2, -1, Patch).permute(0, 2, 4, 3, 5, 1).flatten(3).flatten(1, 2);

    private static Tensor Unpatched(Tensor tokens, long rows, long columns)
        => tokens.reshape(tokens.shape[0], rows, columns, Patch, Patch, -1).permute(0, 5, 1, 3, 2, 4).flatten(4).flatten(2, 3);

    /// <summary>A dictionary of modules by name.</summary>
    private sealed class Dictionary : nn.Module
    {
        public Dictionary()
            : base(nameof(Dictionary))
        {
        }
    }

    /// <summary>The text's states normed and mapped to the tokens' width.</summary>
    private sealed class CaptionEmbedding : nn.Module<Tensor, Tensor>
    {
        private readonly RmsNorm _norm;
        private readonly Linear _linear;

        public CaptionEmbedding(ZImageTransformerConfig config, Placement placement)
            : base(nameof(CaptionEmbedding))
        {
            _norm = this.Add("0", new RmsNorm(config.TextWidth, config.NormEpsilon, placement));
            _linear = this.Add("1", new Linear(config.TextWidth, config.Width, placement));
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            return _linear.forward(_norm.forward(input)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>A layer norm without weights that time scales, and the way back to a patch's values.</summary>
    private sealed class FinalLayer : nn.Module
    {
        private const double Epsilon = 1e-6;

        private readonly Linear _linear, _scale;

        public FinalLayer(ZImageTransformerConfig config, Placement placement)
            : base(nameof(FinalLayer))
        {
            _linear = this.Add("linear", new Linear(config.Width, config.PatchValues, placement));
            _scale = new Linear(config.TimeWidth, config.Width, placement);
            this.Add("adaLN_modulation", new Dictionary()).Add("1", _scale);
        }

        public Tensor forward(Tensor tokens, Tensor time)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor scale = _scale.forward(nn.functional.silu(time)).unsqueeze(1).Plus(1);
            Tensor normed = nn.functional.layer_norm(tokens, [tokens.shape[^1]], null, null, Epsilon);
            return _linear.forward(normed.mul(scale)).MoveToOuterDisposeScope();
        }
    }
}
