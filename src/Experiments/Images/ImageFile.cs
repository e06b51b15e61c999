using DiffusionLens;
using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using Experiments.Files;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Images;

/// <summary>
/// Images as PNG files that carry, as texts, their identity and a hash of their pixels, so that a file alone tells what it is an image of.
/// The encoder is managed code: the same pixels and identity give the same bytes on every system.
/// </summary>
internal static class ImageFile
{
    private const string IdentityKeyword = "diffusion-lens", PixelsKeyword = "diffusion-lens-pixels";

    private static readonly PngEncoder Encoder = new()
    {
        ColorType = PngColorType.Rgb,
        BitDepth = PngBitDepth.Bit8,
        CompressionLevel = PngCompressionLevel.DefaultCompression,
        ChunkFilter = PngChunkFilter.None,
    };

    /// <summary>
    /// Writes an image, whole or not at all. That it outlasts a power cut is for <see cref="AtomicFile.Flush"/> to see to, for many at
    /// once.
    /// </summary>
    /// <param name="path">The file to have.</param>
    /// <param name="pixels"><c>[3, H, W]</c>, red, green, blue, 0..1, any floating type and device.</param>
    /// <param name="identity">ASCII without zeros; the image's <see cref="ImageRecipe.IdentityOf"/>. Null: it is of no run.</param>
    /// <exception cref="BadInputException">The place cannot be written.</exception>
    public static void Write(string path, Tensor pixels, string? identity)
    {
        ImageLevels levels = LevelsOf(pixels);
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(levels.Rgb, levels.Width, levels.Height);
        IList<PngTextData> texts = image.Metadata.GetPngMetadata().TextData;
        if (identity is not null)
        {
            texts.Add(new PngTextData(IdentityKeyword, identity, "", ""));
        }

        texts.Add(new PngTextData(PixelsKeyword, PixelHash.Of(levels), "", ""));
        AtomicFile.Write(path, stream => image.Save(stream, Encoder), flushToDisk: false);
    }

    /// <summary>What a file says of itself, after all of it was read and found whole.</summary>
    /// <param name="path">A file.</param>
    public static ImageStatus StatusOf(string path)
    {
        if (FileStatus.Of(path).Kind != FileKind.File)
        {
            return new ImageStatus(Label: null, Damage: null);
        }

        try
        {
            return new ImageStatus(ReadWhole(path).Label, Damage: null);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return new ImageStatus(Label: null, Damage: null);
        }
        catch (InvalidDataException problem)
        {
            return new ImageStatus(Label: null, problem.Message);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return new ImageStatus(Label: null, $"cannot be read ({problem.Message})");
        }
    }

    /// <summary>What a file says of itself; null where there is no such file, it is not whole, or it is no image of this program.</summary>
    /// <param name="path">A file.</param>
    public static ImageLabel? LabelOf(string path) => StatusOf(path).Label;

    /// <summary>The hash of an image's pixels.</summary>
    /// <param name="path">A file.</param>
    /// <exception cref="BadInputException">It is not there, no image, or not whole.</exception>
    public static string PixelHashOf(string path)
    {
        WholeImage image = ReadOrRefuse(path);
        return image.Label?.PixelHash ?? PixelHash.Of(image.Levels);
    }

    /// <summary>Reads an image.</summary>
    /// <param name="path">A file.</param>
    /// <returns><c>[3, H, W]</c>, 0..1, float32.</returns>
    /// <exception cref="BadInputException">It is not there, or no image.</exception>
    public static Tensor Read(string path)
    {
        ImageLevels read = ReadLevels(path);
        using DisposeScope scope = NewDisposeScope();
        Tensor levels = tensor(read.Rgb, [read.Height, read.Width, 3], ScalarType.Byte);
        return levels.permute(2, 0, 1).to(ScalarType.Float32).Times(1 / 255.0).MoveToOuterDisposeScope();
    }

    /// <summary>Reads an image in eight bits a channel.</summary>
    /// <param name="path">A file.</param>
    /// <exception cref="BadInputException">It is not there, no image, or not whole.</exception>
    public static ImageLevels ReadLevels(string path) => ReadOrRefuse(path).Levels;

    /// <summary>An image in eight bits a channel.</summary>
    /// <param name="pixels"><c>[3, H, W]</c>, 0..1.</param>
    public static ImageLevels LevelsOf(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor levels = pixels.cpu().to(ScalarType.Float64).Times(255).round().ClampTo(0, 255).to(ScalarType.Byte);
        return new ImageLevels((int)pixels.shape[2], (int)pixels.shape[1], [.. levels.permute(1, 2, 0).contiguous().bytes]);
    }

    private static WholeImage ReadOrRefuse(string path)
    {
        if (FileStatus.Of(path).Kind is not (FileKind.File or FileKind.Missing))
        {
            InputFile.Require(path);
        }

        try
        {
            return ReadWhole(path);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"{path}: this image is missing; make it first, with --only images", problem);
        }
        catch (InvalidDataException problem)
        {
            throw new BadInputException(
                $"{path}: cannot be read as an image, it {problem.Message}; --only images makes it again", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({problem.Message})", problem);
        }
    }

    private static WholeImage ReadWhole(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        PngContent png = PngFile.Read(bytes);
        ImageLabel? label = png.Texts.TryGetValue(IdentityKeyword, out string? identity)
            ? new ImageLabel(identity, png.Texts.GetValueOrDefault(PixelsKeyword))
            : null;
        ImageLevels levels = png.Levels ?? LevelsOf(bytes);
        return label is { PixelHash: { } labeled } && labeled != PixelHash.Of(levels)
            ? throw new InvalidDataException("has other pixels than it says")
            : new WholeImage(levels, label);
    }

    // Of a file that others saved.
    private static ImageLevels LevelsOf(byte[] png)
    {
        try
        {
            using Image<Rgb24> image = Image.Load<Rgb24>(png);
            byte[] rgb = new byte[image.Width * image.Height * ImageLevels.Channels];
            image.CopyPixelDataTo(rgb);
            return new ImageLevels(image.Width, image.Height, rgb);
        }
        catch (ImageFormatException problem)
        {
            throw new InvalidDataException("is damaged", problem);
        }
    }

    private sealed record WholeImage(ImageLevels Levels, ImageLabel? Label);
}

/// <summary>What an image's file says of itself.</summary>
/// <param name="Identity">What determines it: <see cref="ImageRecipe.IdentityOf"/>.</param>
/// <param name="PixelHash">The <see cref="Images.PixelHash"/> of its pixels; null where an earlier version of this program wrote
/// it.</param>
internal sealed record ImageLabel(string Identity, string? PixelHash);

/// <summary>An image's file as it is.</summary>
/// <param name="Label">What it says of itself; null where it is not there, not whole, or no image of this program.</param>
/// <param name="Damage">What is wrong with it, as the end of a sentence that its name begins; null where it is whole or not there.</param>
internal sealed record ImageStatus(ImageLabel? Label, string? Damage);
