using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace DiffusionLens.ImageEncoders;

/// <summary>
/// CLIP's image encoder (transformers: CLIPVisionTransformer; Radford et al., arXiv 2103.00020): patches and a class token, whose state
/// after the blocks stands for the image.
/// </summary>
internal sealed class ClipVisionModel : nn.Module
{
    private readonly Embeddings _embeddings;
    private readonly LayerNorm _normBefore, _normAfter;
    private readonly IReadOnlyList<ClipEncoderLayer> _blocks;

    public ClipVisionModel(ClipVisionConfig config, Placement placement)
        : base(nameof(ClipVisionModel))
    {
        _embeddings = this.Add("embeddings", new Embeddings(config, placement));

        // So the name is spelled in every checkpoint.
        _normBefore = this.Add("pre_layrnorm", new LayerNorm(config.Block.Width, config.Block.NormEpsilon, placement));
        _blocks = this.Add("encoder", new Encoder(config, placement)).Blocks;
        _normAfter = this.Add("post_layernorm", new LayerNorm(config.Block.Width, config.Block.NormEpsilon, placement));
    }

    /// <summary>What stands for each image.</summary>
    /// <param name="pixels"><c>[B, 3, S, S]</c>, normalized.</param>
    /// <returns><c>[B, width]</c>.</returns>
    public Tensor forward(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = Embed(pixels);
        for (int block = 0; block < _blocks.Count; block++)
        {
            h = Next(block, h);
        }

        return _normAfter.forward(h.select(1, 0)).MoveToOuterDisposeScope();
    }

    /// <summary>What the first block is given: <c>[B, 1 + patches, width]</c>.</summary>
    public Tensor Embed(Tensor pixels) => _normBefore.forward(_embeddings.forward(pixels));

    /// <summary>The output of a block: <c>[B, 1 + patches, width] → [B, 1 + patches, width]</c>.</summary>
    public Tensor Next(int block, Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return _blocks[block].forward(input, mask: null).Output.MoveToOuterDisposeScope();
    }

    private sealed class Embeddings : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter _class;
        private readonly Conv2d _patches;
        private readonly Embedding _positions;
        private readonly int _imageSize;

        public Embeddings(ClipVisionConfig config, Placement placement)
            : base(nameof(Embeddings))
        {
            int width = config.Block.Width;
            _imageSize = config.ImageSize;
            _class = this.AddParameter("class_embedding", placement, width);
            _patches = this.Add(
                "patch_embedding",
                new Conv2d(config.Channels, width, config.PatchSize, placement, stride: config.PatchSize, bias: false));
            _positions = this.Add("position_embedding", new Embedding(1 + config.PatchCount, width, placement));
        }

        public override Tensor forward(Tensor pixels)
        {
            if (pixels.shape is not [_, _, var height, var width] || height != _imageSize || width != _imageSize)
            {
                throw new BadInputException(
                    $"images of shape [{string.Join(", ", pixels.shape)}]; this CLIP takes [B, 3, {_imageSize}, {_imageSize}]");
            }

            using DisposeScope scope = NewDisposeScope();
            Tensor patches = _patches.forward(pixels).flatten(2).transpose(1, 2);
            Tensor first = _class.expand(pixels.shape[0], 1, -1);
            Tensor positions = arange(patches.shape[1] + 1, dtype: ScalarType.Int64, device: patches.device);
            return cat([first, patches], 1).Plus(_positions.forward(positions)).MoveToOuterDisposeScope();
        }
    }

    private sealed class Encoder : nn.Module
    {
        public Encoder(ClipVisionConfig config, Placement placement)
            : base(nameof(Encoder)) => Blocks = this.AddList(
                "layers", Enumerable.Range(0, config.LayerCount).Select(_ => new ClipEncoderLayer(config.Block, placement)));

        public IReadOnlyList<ClipEncoderLayer> Blocks { get; }
    }
}
