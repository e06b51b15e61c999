using DiffusionLens.Configs;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.ImageEncoders;

/// <summary>
/// CLIP, which says how well texts fit images (Radford et al., arXiv 2103.00020), from a folder as transformers' <c>CLIPModel</c> and
/// <c>CLIPProcessor</c> save it: config, weights (whole or in shards, of any variant), tokenizer, and how images are prepared. What its
/// methods return belongs to the caller's dispose scope.
/// </summary>
public sealed class ClipModel : IDisposable
{
    private readonly ClipNetwork _network;
    private readonly PromptTokenizer _tokenizer;
    private readonly ClipImageProcessor _processor;
    private readonly Placement _placement;

    private ClipModel(ClipNetwork network, PromptTokenizer tokenizer, ClipImageProcessor processor, Placement placement)
        => (_network, _tokenizer, _processor, _placement) = (network, tokenizer, processor, placement);

    /// <summary>What the cosine of a text and an image is multiplied by: 100 in OpenAI's models.</summary>
    public double LogitScale => Math.Exp(_network.LogitScale.ToDouble());

    /// <summary>Loads a model.</summary>
    /// <param name="folder">The folder, or a model of huggingface_hub's cache by its name, <c>openai/clip-vit-large-patch14</c>.</param>
    /// <param name="placement">Where and in which type; null: float32 on the CPU.</param>
    /// <param name="variant">The variant of the weights, such as <c>fp16</c>; null: those without one, else the one that is there.</param>
    /// <exception cref="BadInputException">A file is missing, damaged or not supported, or they do not belong together.</exception>
    public static ClipModel Load(string folder, Placement? placement = null, string? variant = null)
    {
        folder = HubCache.Resolve(folder);
        Placement where = placement ?? Placement.Default;
        ClipConfig config = ClipConfig.Read(folder);
        ClipImageProcessor processor = ProcessorOf(folder, config);
        PromptTokenizer tokenizer = TokenizerOf(folder, config);
        using WeightFiles weights = WeightFiles.Open(folder, variant);
        ClipNetwork network = new(config, where);
        try
        {
            weights.LoadInto(network);
            return new ClipModel(network, tokenizer, processor, where);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The hash of what a model computes with: tensors that are loaded, configs and vocabulary.</summary>
    /// <param name="folder">As for <see cref="Load"/>.</param>
    /// <param name="cache">What was hashed before.</param>
    /// <param name="variant">As for <see cref="Load"/>.</param>
    /// <returns>64 hexadecimal digits.</returns>
    /// <exception cref="BadInputException">As of <see cref="Load"/>; nothing is loaded to find out.</exception>
    public static string Sha256(string folder, DigestCache cache, string? variant = null)
    {
        folder = HubCache.Resolve(folder);
        ClipConfig config = ClipConfig.Read(folder);
        ProcessorOf(folder, config);
        TokenizerOf(folder, config);
        using WeightFiles weights = WeightFiles.Open(folder, variant);
        using ClipNetwork network = new(config, Placement.Meta);
        IEnumerable<string> files = new[] { ClipConfig.FileName, Path.GetFileName(ClipImageProcessor.FileOf(folder)!) }
            .Concat(TokenizerFolder.ClipFiles.Where(file => File.Exists(Path.Combine(folder, file))));
        return ContentHash.Of(
        [
            weights.Digest(network, cache),
            .. files.Select(file => $"{file} {ContentHash.Of(InputFile.ReadBytes(Path.Combine(folder, file)))}"),
        ]);
    }

    /// <summary>Prepares an image as the model's own processor does, to the last bit.</summary>
    /// <param name="rgb">Red, green and blue of each pixel, row by row, 0..255.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <returns><c>[3, H, W]</c>, float32 on the CPU; the size is that of the processor.</returns>
    /// <exception cref="ArgumentException">There are not three levels a pixel.</exception>
    public Tensor Prepare(byte[] rgb, int width, int height) =>
        width > 0 && height > 0 && rgb.Length == (long)width * height * RgbImage.Channels
            ? _processor.Prepare(new RgbImage(width, height, rgb))
            : throw new ArgumentException($"{rgb.Length} levels are no {width}×{height} image", nameof(rgb));

    /// <summary>Images in the space in which they are compared with texts.</summary>
    /// <param name="pixels">What <see cref="Prepare"/> made, <c>[B, 3, S, S]</c>, any floating type and device.</param>
    /// <returns><c>[B, width]</c>, each of length 1, in the model's type.</returns>
    /// <exception cref="BadInputException">The images have another size than the model takes, or NaN or infinity arose.</exception>
    public Tensor EmbedImages(Tensor pixels)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return Finite(_network.EmbedImages(pixels.to(_placement.DType).to(_placement.Device))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Texts in the space in which they are compared with images; they are cut where they are longer than the model reads.
    /// </summary>
    /// <param name="texts">One or more.</param>
    /// <returns><c>[T, width]</c>, each of length 1, in the model's type.</returns>
    /// <exception cref="BadInputException">NaN or infinity arose.</exception>
    public Tensor EmbedTexts(IReadOnlyList<string> texts)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return Finite(cat([.. texts.Select(text => _network.EmbedText(_tokenizer.Encode(text).Ids))])).MoveToOuterDisposeScope();
    }

    /// <summary>How well each text fits each image: the cosine times <see cref="LogitScale"/>.</summary>
    /// <param name="images">What <see cref="EmbedImages"/> gave, <c>[B, width]</c>.</param>
    /// <param name="texts">What <see cref="EmbedTexts"/> gave, <c>[T, width]</c>.</param>
    /// <returns><c>[B, T]</c>; its softmax over texts is what CLIP takes for their probabilities.</returns>
    public Tensor Logits(Tensor images, Tensor texts)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return images.matmul(texts.t()).mul(_network.LogitScale.exp()).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => _network.Dispose();

    private static ClipImageProcessor ProcessorOf(string folder, ClipConfig config)
    {
        ClipImageProcessor processor = ClipImageProcessor.Read(folder);
        int side = config.Vision.ImageSize;
        return processor.Output is { } size && size != new ImageSize(side, side)
            ? throw new BadInputException(
                $"{ClipImageProcessor.FileOf(folder)}: makes images {size.Width}×{size.Height}; the model takes {side}×{side} "
                    + $"(image_size in {ClipConfig.FileName}): they are no files of one model")
            : processor;
    }

    private static PromptTokenizer TokenizerOf(string folder, ClipConfig config)
    {
        ClipTokenizer tokenizer = ClipTokenizer.FromFolder(folder, config.Text.Positions);
        return tokenizer.VocabularySize > config.Text.VocabularySize
            ? throw new BadInputException(
                $"{folder}: its tokenizer has {tokenizer.VocabularySize} pieces, and config.json vocab_size {config.Text.VocabularySize}: "
                    + "they are no files of one model")
            : tokenizer.ModelMaxLength > config.Text.Positions ? tokenizer.WithLength(config.Text.Positions) : tokenizer;
    }

    private Tensor Finite(Tensor vectors) => FiniteCheck.AreFinite(vectors)
        ? vectors
        : throw FiniteCheck.Error("CLIP", _placement.DType, FiniteCheck.DamagedWeightOf(_network), "get the model again");
}
