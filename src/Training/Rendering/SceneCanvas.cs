namespace Training.Rendering;

/// <summary>The image while it is painted, from back to front.</summary>
internal sealed class SceneCanvas
{
    private const int Side = RenderedScene.Side, Plane = Side * Side;

    private readonly float[] _pixels = new float[3 * Plane];
    private readonly byte[] _objects = new byte[Plane];

    /// <summary>A wall above the horizon (a row) and a floor below, each a color of three channels 0..1.</summary>
    public SceneCanvas(int horizon, ReadOnlySpan<float> wall, ReadOnlySpan<float> floor)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            Span<float> plane = _pixels.AsSpan(channel * Plane, Plane);
            plane[..(horizon * Side)].Fill(wall[channel]);
            plane[(horizon * Side)..].Fill(floor[channel]);
        }
        _objects.AsSpan().Fill(RenderedScene.Ground);
    }

    /// <summary>Paints a sprite with its left top corner at (x, y), but only its rows from <paramref name="fromRow"/> on.</summary>
    public void Place(Sprite sprite, byte number, int x, int y, int fromRow = 0)
    {
        for (int row = Math.Max(fromRow, -y); row < Math.Min(sprite.Height, Side - y); row++)
        {
            for (int column = Math.Max(0, -x); column < Math.Min(sprite.Width, Side - x); column++)
            {
                int from = ((row * sprite.Width) + column) * 4, to = ((y + row) * Side) + x + column;
                float alpha = sprite.Pixels[from + 3], behind = 1 - alpha;
                _pixels[to] = (_pixels[to] * behind) + sprite.Pixels[from];
                _pixels[to + Plane] = (_pixels[to + Plane] * behind) + sprite.Pixels[from + 1];
                _pixels[to + (2 * Plane)] = (_pixels[to + (2 * Plane)] * behind) + sprite.Pixels[from + 2];
                if (alpha >= 0.5f)
                {
                    _objects[to] = number;
                }
            }
        }
    }

    /// <summary>The finished image; paint no more afterwards.</summary>
    public RenderedScene Finish() => new(_pixels, _objects);
}
