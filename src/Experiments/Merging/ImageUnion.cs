using System.Globalization;
using DiffusionLens;
using Experiments.Images;
using Experiments.Results;

namespace Experiments.Merging;

/// <summary>The images of several results folders: each once, and where several have one, the first folder's.</summary>
/// <param name="tolerance">How many levels of 255 those may differ that are in several folders; null: not at all.</param>
internal sealed class ImageUnion(int? tolerance)
{
    private readonly SortedDictionary<string, FoundImage> _images = new(StringComparer.Ordinal);

    /// <summary>How many images there are, each counted once.</summary>
    public int Count => _images.Count;

    /// <summary>How many images are in more than one folder, each counted as often as it was met again.</summary>
    public int MetAgain { get; private set; }

    /// <summary>How many of those have other pixels.</summary>
    public int Different { get; private set; }

    /// <summary>The most levels of 255 by which a channel of a pixel differed.</summary>
    public int LargestDifference { get; private set; }

    /// <summary>Takes a folder's images.</summary>
    /// <param name="onImage">Told after each.</param>
    /// <exception cref="BadInputException">A file is damaged, or is another image than one of the same name in another folder.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Add(ResultsFolder folder, Action onImage, CancellationToken cancellation)
    {
        foreach (string file in FilesOf(folder))
        {
            cancellation.ThrowIfCancellationRequested();
            Add(folder.RelativeOf(file), file);
            onImage();
        }
    }

    /// <summary>Copies what is not in a folder yet, each file whole or not at all.</summary>
    /// <returns>How many were copied.</returns>
    /// <exception cref="BadInputException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; what was copied is whole.</exception>
    public int CopyTo(ResultsFolder target, Action onImage, CancellationToken cancellation)
    {
        int copied = 0;
        foreach ((string relative, FoundImage image) in _images)
        {
            cancellation.ThrowIfCancellationRequested();
            string path = target.In(relative);
            if (Path.GetFullPath(image.Path) != Path.GetFullPath(path))
            {
                byte[] bytes = File.ReadAllBytes(image.Path);
                Files.AtomicFile.Write(path, stream => stream.Write(bytes));
                copied++;
            }

            onImage();
        }

        return copied;
    }

    /// <summary>A folder's images; links are not followed.</summary>
    public static IEnumerable<string> FilesOf(ResultsFolder folder) => !Directory.Exists(folder.Images)
        ? []
        : Directory.EnumerateFiles(
                folder.Images,
                "*.png",
                new EnumerationOptions
                {
                    RecurseSubdirectories = true,
                    AttributesToSkip = FileAttributes.ReparsePoint,
                    IgnoreInaccessible = false,
                })
            .Order(StringComparer.Ordinal);

    private void Add(string relative, string file)
    {
        ImageStatus status = ImageFile.StatusOf(file);
        if (status.Label is not { } label)
        {
            throw new BadInputException(
                $"{file}: {status.Damage ?? "is no image of this program"}; run that shard again, or take the file away");
        }

        FoundImage found = new(file, label.Identity, label.PixelHash ?? ImageFile.PixelHashOf(file));
        if (!_images.TryGetValue(relative, out FoundImage? first))
        {
            _images.Add(relative, found);
            return;
        }

        MetAgain++;
        if (first.Identity != found.Identity)
        {
            throw new BadInputException(
                $"{first.Path} and {file}: were made from other weights, settings or prompts; keep the one that is right");
        }

        if (first.PixelHash != found.PixelHash)
        {
            RequireClose(first.Path, file);
        }
    }

    private void RequireClose(string first, string second)
    {
        ImageLevels one = ImageFile.ReadLevels(first), other = ImageFile.ReadLevels(second);
        if (one.Width != other.Width || one.Height != other.Height)
        {
            throw new BadInputException($"{first} and {second}: are of other sizes; keep the one that is right");
        }

        int largest = one.Rgb.Zip(other.Rgb).Max(levels => Math.Abs(levels.First - levels.Second));
        if (largest > (tolerance ?? 0))
        {
            string most = tolerance is null ? "without --tolerance they must be the same"
                : string.Create(CultureInfo.InvariantCulture, $"--tolerance {tolerance} allows fewer");
            throw new BadInputException(string.Create(
                CultureInfo.InvariantCulture, $"{first} and {second}: pixels differ by up to {largest} of 255 levels; {most}"));
        }

        Different++;
        LargestDifference = Math.Max(LargestDifference, largest);
    }

    private sealed record FoundImage(string Path, string Identity, string PixelHash);
}
