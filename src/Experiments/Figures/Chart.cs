using SkiaSharp;

namespace Experiments.Figures;

/// <summary>A drawing.</summary>
/// <param name="Width">In logical pixels.</param>
/// <param name="Height">In logical pixels.</param>
/// <param name="Draw">Draws it at a canvas's origin.</param>
internal sealed record Chart(int Width, int Height, Action<SKCanvas> Draw);
