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

    /// <summary>Writes an image, whole or not at all.</summary>
    /// <param name="path">The file to have.</param>
    /// <param name="pixels"><c>[3, H, W]</c>, red, green, blue, 0..1, any floating type and device.</param>
    /// <param name="identity">ASCII without zeros; the image's <see cref="ImageRecipe.IdentityOf"/>.</param>
    /// <exception cref="BadInputException">The place cannot be written.</exception>
    public static void Write(string path, Tensor pixels, string identity)
    {
        ImageLevels levels = LevelsOf(pixels);
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(levels.Rgb, levels.Width, levels.Height);
        IList<PngTextData> texts = image.Metadata.GetPngMetadata().TextData;
        texts.Add(new PngTextData(IdentityKeyword, identity, "", ""));
        texts.Add(new PngTextData(PixelsKeyword, PixelHash.Of(levels), "", ""));
        AtomicFile.Write(path, stream => image.Save(stream, Encoder));
    }

    /// <summary>What a file says of itself; null where there is no such file, or it is no image of this program.</summary>
    /// <param name="path">A file.</param>
    public static ImageLabel? LabelOf(string path)
    {
        if (FileStatus.Of(path).Kind != FileKind.File)
        {
            return null;
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            PngMetadata? png = Image.Identify(stream)?.Metadata.GetPngMetadata();
            return TextOf(png, IdentityKeyword) is { } identity ? new ImageLabel(identity, TextOf(png, PixelsKeyword)) : null;
        }
        catch (Exception problem) when (problem is ImageFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }

        static string? TextOf(PngMetadata? png, string keyword) => png?.TextData.FirstOrDefault(text => text.Keyword == keyword).Value;
    }

    /// <summary>The hash of an image's pixels, as the file says it or, where it does not, of the pixels themselves.</summary>
    /// <param name="path">A file.</param>
    /// <exception cref="BadInputException">It is not there, or no image.</exception>
    public static string PixelHashOf(string path)
    {
        if (LabelOf(path)?.PixelHash is { } labeled)
        {
            return labeled;
        }

        return PixelHash.Of(ReadLevels(path));
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
    /// <exception cref="BadInputException">It is not there, or no image.</exception>
    public static ImageLevels ReadLevels(string path)
    {
        using Image<Rgb24> image = Load(path);
        byte[] rgb = new byte[image.Width * image.Height * ImageLevels.Channels];
        image.CopyPixelDataTo(rgb);
        return new ImageLevels(image.Width, image.Height, rgb);
    }

    /// <summary>An image in eight bits a channel.</summary>
    /// <param name="pixels"><c>[3, H, W]</c>, 0..1.</param>
    public static ImageLevels LevelsOf(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor levels = pixels.cpu().to(ScalarType.Float64).Times(255).round().ClampTo(0, 255).to(ScalarType.Byte);
        return new ImageLevels((int)pixels.shape[2], (int)pixels.shape[1], [.. levels.permute(1, 2, 0).contiguous().bytes]);
    }

    private static Image<Rgb24> Load(string path)
    {
        if (FileStatus.Of(path).Kind is not (FileKind.File or FileKind.Missing))
        {
            InputFile.Require(path);
        }

        try
        {
            return Image.Load<Rgb24>(path);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"{path}: this image is missing; make it first, with --only images", problem);
        }
        catch (Exception problem) when (problem is ImageFormatException or IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read as an image; delete it, and the next run makes it again", problem);
        }
    }
}

/// <summary>What an image's file says of itself.</summary>
/// <param name="Identity">What determines it: <see cref="ImageRecipe.IdentityOf"/>.</param>
/// <param name="PixelHash">The <see cref="Images.PixelHash"/> of its pixels; null where an earlier version of this program wrote
/// it.</param>
internal sealed record ImageLabel(string Identity, string? PixelHash);
