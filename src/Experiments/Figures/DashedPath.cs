using ScottPlot;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>
/// A dashed line as so many short lines. Skia has dashes as an effect of a paint, but its SVG canvas complains of every effect on the
/// terminal.
/// </summary>
/// <param name="dash">How long each is.</param>
/// <param name="period">How far from the beginning of one to that of the next.</param>
internal sealed class DashedPath(float dash = 5, float period = 8) : IPathStrategy
{
    public SKPath GetPath(IEnumerable<Pixel> pixels)
    {
        SKPath path = new();
        SKPoint[] points = [.. pixels.Select(pixel => new SKPoint(pixel.X, pixel.Y))];
        float walked = 0;
        for (int i = 1; i < points.Length; i++)
        {
            SKPoint from = points[i - 1], to = points[i];
            float length = SKPoint.Distance(from, to), end = walked + length;

            // Dashes begin at the multiples of the period; one that a corner cuts goes on behind it.
            for (float begin = MathF.Floor(walked / period) * period; begin < end; begin += period)
            {
                float dashFrom = Math.Max(begin, walked) - walked, dashTo = Math.Min(begin + dash, end) - walked;
                if (dashFrom < dashTo)
                {
                    path.MoveTo(Between(from, to, dashFrom / length));
                    path.LineTo(Between(from, to, dashTo / length));
                }
            }

            walked = end;
        }

        return path;
    }

    private static SKPoint Between(SKPoint from, SKPoint to, float share) =>
        new(from.X + (share * (to.X - from.X)), from.Y + (share * (to.Y - from.Y)));
}
