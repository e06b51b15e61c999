using SkiaSharp;

namespace Experiments.Figures;

/// <summary>What stands above every chart: a title, and in small print what is counted.</summary>
internal sealed class ChartHeading
{
    /// <summary>Width of a chart in logical pixels; at a column of 84 mm one is 0.21 mm, so that the smallest print is 6.5 pt.</summary>
    public const int Width = 400;

    /// <summary>What is left free at the edges.</summary>
    public const int Margin = 12;

    /// <summary>The color of print.</summary>
    public static readonly SKColor Ink = new(0x22, 0x22, 0x22);

    /// <summary>Small print.</summary>
    public static readonly TextStyle NoteStyle = new(Typefaces.Regular, 11, new SKColor(0x66, 0x66, 0x66));

    /// <summary>Print in legends and beside bars.</summary>
    public static readonly TextStyle LabelStyle = new(Typefaces.Regular, 11.5f, Ink);

    private static readonly TextStyle TitleStyle = new(Typefaces.SemiBold, 15, Ink);

    private readonly string[] _title, _note;

    /// <summary>Sets the lines.</summary>
    /// <param name="title">One line; broken where it is too long.</param>
    /// <param name="note">What is counted.</param>
    public ChartHeading(string title, string note)
    {
        _title = TitleStyle.Wrap(title, Width - (2 * Margin));
        _note = NoteStyle.Wrap(note, Width - (2 * Margin));
    }

    /// <summary>Where what is below it may begin.</summary>
    public float Bottom => Margin + (_title.Length * TitleStyle.LineHeight) + (_note.Length * NoteStyle.LineHeight) + 3;

    public void Draw(SKCanvas canvas)
    {
        float y = Margin - 4;
        foreach (string line in _title)
        {
            TitleStyle.Draw(canvas, line, Margin, y += TitleStyle.LineHeight);
        }

        foreach (string line in _note)
        {
            NoteStyle.Draw(canvas, line, Margin, y += NoteStyle.LineHeight);
        }
    }
}
