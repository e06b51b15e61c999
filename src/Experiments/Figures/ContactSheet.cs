using SkiaSharp;

namespace Experiments.Figures;

/// <summary>A contact strip: rows of images of one prompt and seed each, a column a layer (the paper's Figs 4 and 6).</summary>
/// <param name="Title">One line above it.</param>
/// <param name="Note">Small print below the title; empty for none.</param>
/// <param name="Columns">The columns' headings.</param>
/// <param name="Rows">The rows, from the top.</param>
public sealed record ContactSheet(string Title, string Note, IReadOnlyList<string> Columns, IReadOnlyList<ContactSheetRow> Rows);

/// <summary>A row of a <see cref="ContactSheet"/>.</summary>
/// <param name="Label">What its images were made of: the prompt.</param>
/// <param name="Note">Small print below the label: the seed.</param>
/// <param name="Cells">A cell a column.</param>
public sealed record ContactSheetRow(string Label, string Note, IReadOnlyList<ContactSheetCell> Cells);

/// <summary>An image in a <see cref="ContactSheetRow"/>.</summary>
/// <param name="Image">Gets the image, which is disposed after it is drawn.</param>
/// <param name="Right">True draws a tick on it: the image shows what its prompt says.</param>
public sealed record ContactSheetCell(Func<SKImage> Image, bool Right = false)
{
    /// <summary>An image in a file.</summary>
    /// <param name="path">The file; it is read when it is drawn.</param>
    /// <param name="right">True draws a tick on it.</param>
    public static ContactSheetCell FromFile(string path, bool right = false) => new(() => Read(path), right);

    private static SKImage Read(string path) => (File.Exists(path) ? SKImage.FromEncodedData(path) : null)
        ?? throw new DiffusionLens.BadInputException($"{path}: there is no image here that can be read; make it again, with --only images");
}
