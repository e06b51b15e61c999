using System.Text.Json;
using DiffusionLens.Configs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.ImageEncoders;

/// <summary>
/// What is done to an image before CLIP sees it, to the last bit as transformers' CLIPImageProcessor does it: resized, cut or framed,
/// levels scaled, normalized; each as the file says, and otherwise as the class has it.
/// </summary>
internal sealed record ClipImageProcessor
{
    /// <summary>Its file; transformers 5 writes <see cref="CommonFileName"/> in its place.</summary>
    public const string FileName = "preprocessor_config.json";

    private const string CommonFileName = "processor_config.json", PartOfCommon = "image_processor";

    private const int DefaultSize = 224;

    private static readonly double[] OpenAiMean = [0.48145466, 0.4578275, 0.40821073];

    private static readonly double[] OpenAiDeviation = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>How long the shorter edge is made, where that is said.</summary>
    public required int? ShortestEdge { get; init; }

    /// <summary>The size that images are made, whatever their form, where that is said.</summary>
    public required ImageSize? Exact { get; init; }

    /// <summary>What is cut out of the middle; null: nothing is cut.</summary>
    public required ImageSize? Crop { get; init; }

    public required PillowFilter Filter { get; init; }

    /// <summary>What levels are multiplied by; null: they stay 0..255.</summary>
    public required double? Scale { get; init; }

    /// <summary>Taken off each channel; null where nothing is normalized.</summary>
    public required double[]? Mean { get; init; }

    /// <summary>What each channel is divided by.</summary>
    public required double[] Deviation { get; init; }

    /// <summary>Reads a model's folder.</summary>
    /// <exception cref="BadInputException">The file is not there, or says what cannot be done.</exception>
    public static ClipImageProcessor Read(string folder) => Parse(FileOf(folder) is { } path ? PartOf(path) : throw Missing(folder));

    /// <summary>The file that is read of a folder; null where there is none.</summary>
    public static string? FileOf(string folder) =>
        new[] { FileName, CommonFileName }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Reads what the file says.</summary>
    /// <param name="file">Its object, and its path for errors.</param>
    /// <exception cref="BadInputException">It says what cannot be done.</exception>
    public static ClipImageProcessor Parse((JsonElement Json, string Path) file)
    {
        ConfigReader config = new(file.Json, file.Path);
        config.Only(
            "image_processor_type",
            "CLIPImageProcessor",
            "CLIPImageProcessorFast",
            "CLIPImageProcessorPil",
            "CLIPFeatureExtractor");
        int filter = config.Int("resample", (int)PillowFilter.Bicubic, least: 0, most: (int)Enum.GetValues<PillowFilter>().Max());

        (int? edge, ImageSize? exact) = config.Flag("do_resize", true) ? SizeOf(file, "size", isSquare: false) : (null, null);
        bool isNormalized = config.Flag("do_normalize", true);
        double[] deviation = Channels(file, "image_std", OpenAiDeviation);
        return new ClipImageProcessor
        {
            ShortestEdge = edge,
            Exact = exact,
            Crop = config.Flag("do_center_crop", true) ? SizeOf(file, "crop_size", isSquare: true).Exact : null,
            Filter = (PillowFilter)filter,
            Scale = config.Flag("do_rescale", true) ? config.Number("rescale_factor", 1 / 255.0, NumberRange.Factor) : null,
            Mean = isNormalized ? Channels(file, "image_mean", OpenAiMean) : null,
            Deviation = deviation.Contains(0) ? throw config.Error("image_std has a 0; levels are divided by it") : deviation,
        };
    }

    /// <summary>Prepares an image.</summary>
    /// <returns><c>[3, H, W]</c>, float32.</returns>
    public Tensor Prepare(RgbImage image)
    {
        RgbImage resized = Resized(image);
        RgbImage seen = Crop is { } crop ? CenterCrop(resized, crop) : resized;
        float[] values = new float[seen.Rgb.Length];
        int plane = seen.Width * seen.Height;
        for (int i = 0; i < seen.Rgb.Length; i++)
        {
            int channel = i % RgbImage.Channels;
            values[(channel * plane) + (i / RgbImage.Channels)] = ValueOf(seen.Rgb[i], channel);
        }

        return tensor(values, [RgbImage.Channels, seen.Height, seen.Width], ScalarType.Float32);
    }

    /// <summary>The size that every image comes out with; null where that depends on the image.</summary>
    public ImageSize? Output => Crop ?? Exact;

    // In float32, as numpy does it, but for the product.
    private float ValueOf(byte level, int channel)
    {
        float value = Scale is double scale ? (float)(level * scale) : level;
        return Mean is null ? value : (value - (float)Mean[channel]) / (float)Deviation[channel];
    }

    private RgbImage Resized(RgbImage image)
    {
        if (Exact is { } exact)
        {
            return PillowResize.To(image, exact.Width, exact.Height, Filter);
        }

        if (ShortestEdge is not int edge)
        {
            return image;
        }

        int shorter = Math.Min(image.Width, image.Height), longer = Math.Max(image.Width, image.Height);
        int along = (int)((double)((long)edge * longer) / shorter);
        return image.Width <= image.Height
            ? PillowResize.To(image, edge, along, Filter)
            : PillowResize.To(image, along, edge, Filter);
    }

    // What lies outside of a smaller image is black.
    private static RgbImage CenterCrop(RgbImage image, ImageSize size)
    {
        int top = First(image.Height, size.Height), left = First(image.Width, size.Width);
        byte[] rgb = new byte[size.Width * size.Height * RgbImage.Channels];
        for (int y = Math.Max(0, -top); y < Math.Min(size.Height, image.Height - top); y++)
        {
            int from = Math.Max(0, -left), end = Math.Min(size.Width, image.Width - left);
            Array.Copy(
                image.Rgb,
                (((y + top) * image.Width) + from + left) * RgbImage.Channels,
                rgb,
                ((y * size.Width) + from) * RgbImage.Channels,
                (end - from) * RgbImage.Channels);
        }

        return new RgbImage(size.Width, size.Height, rgb);

        // Rounded down, also below 0, where then a frame is broader before the image.
        static int First(int of, int wanted) => (int)Math.Floor((of - wanted) / 2.0);
    }

    // An edge or both sides; a number alone means the one or the other, by key.
    private static (int? Edge, ImageSize? Exact) SizeOf((JsonElement Json, string Path) file, string key, bool isSquare)
    {
        ConfigReader whole = new(file.Json, file.Path);
        if (!whole.Has(key))
        {
            return isSquare ? (null, new ImageSize(DefaultSize, DefaultSize)) : (DefaultSize, null);
        }

        JsonElement value = file.Json.GetProperty(key);
        if (value.ValueKind == JsonValueKind.Number)
        {
            int side = Side(whole, key);
            return isSquare ? (null, new ImageSize(side, side)) : (side, null);
        }

        if (value.ValueKind == JsonValueKind.Array && whole.Ints(key, [], least: 1, most: ImageSize.Most) is [int tall, int broad])
        {
            return (null, new ImageSize(Checked(broad), Checked(tall)));
        }

        ConfigReader sides = value.ValueKind == JsonValueKind.Object ? new ConfigReader(value, $"{file.Path}: {key}") : throw Wrong();
        return !isSquare && sides.Has("shortest_edge") ? (Side(sides, "shortest_edge"), null)
            : sides.Has("height") && sides.Has("width") ? (null, new ImageSize(Side(sides, "width"), Side(sides, "height")))
            : throw Wrong();

        int Side(ConfigReader reader, string name) => Checked(reader.Int(name, 0, least: 1, most: ImageSize.Most));

        int Checked(int side) => side is >= 1 and <= ImageSize.Most ? side : throw Wrong();

        BadInputException Wrong() => whole.Error(
            $"{key} is {value.GetRawText().ReplaceLineEndings(" ")}; it must be a number of pixels, 1 to {ImageSize.Most}, "
                + (isSquare ? "or {\"height\": N, \"width\": N}" : "{\"shortest_edge\": N} or {\"height\": N, \"width\": N}"));
    }

    private static double[] Channels((JsonElement Json, string Path) file, string key, double[] defaultValue)
    {
        ConfigReader config = new(file.Json, file.Path);
        double[] values = config.Has(key) && file.Json.GetProperty(key).ValueKind == JsonValueKind.Number
            ? [.. Enumerable.Repeat(config.Number(key, 0, NumberRange.Signed), RgbImage.Channels)]
            : config.Numbers(key, defaultValue, NumberRange.Signed);
        return values.Length == RgbImage.Channels
            ? values
            : throw config.Error($"{key} has {values.Length} numbers; it must have {RgbImage.Channels}, one for each of red, green, blue");
    }

    private static (JsonElement Json, string Path) PartOf(string path)
    {
        JsonElement json = ConfigFile.ReadObject(path);
        return Path.GetFileName(path) == FileName ? (json, path)
            : json.TryGetProperty(PartOfCommon, out JsonElement part) && part.ValueKind == JsonValueKind.Object
                ? (part, $"{path}: {PartOfCommon}")
                : throw new BadInputException(
                    $"{path}: has no object \"{PartOfCommon}\", which says how images are prepared; get {FileName} of the same model");
    }

    private static BadInputException Missing(string folder) => new(
        $"{folder}: has no {FileName}, which says how images are prepared; get it from where the model is from");
}

/// <summary>The size of an image in pixels.</summary>
internal readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>The longest side of an image that configs may ask for.</summary>
    public const int Most = 16_384;
}
