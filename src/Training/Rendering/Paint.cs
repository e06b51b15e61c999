using MiniWorld;

namespace Training.Rendering;

/// <summary>
/// Paints a sprite in one color: light and shade stay, the hue is replaced. The sprite's median light becomes the color itself, its
/// darkest parts that color in shade, its lightest the color mixed with white, so that every thing reads as its color at a glance.
/// </summary>
internal static class Paint
{
    private const float Shade = 0.62f, Shine = 0.38f, LeastContrast = 0.08f;

    /// <summary>The sprite in <paramref name="color"/>.</summary>
    public static Sprite In(Rgb color, Sprite sprite)
    {
        float[] pixels = sprite.Pixels, light = new float[pixels.Length / 4], painted = new float[pixels.Length];
        List<float> inside = [];
        for (int i = 0; i < light.Length; i++)
        {
            float alpha = pixels[(i * 4) + 3];
            light[i] = ((0.3f * pixels[i * 4]) + (0.59f * pixels[(i * 4) + 1]) + (0.11f * pixels[(i * 4) + 2])) / Math.Max(alpha, 1e-3f);
            if (alpha > 0.5f)
            {
                inside.Add(light[i]);
            }
        }
        inside.Sort();
        float dark = inside[inside.Count / 20], middle = inside[inside.Count / 2], bright = inside[inside.Count * 19 / 20];
        float[] channels = [color.Red / 255f, color.Green / 255f, color.Blue / 255f];
        for (int i = 0; i < light.Length; i++)
        {
            float shade = Math.Clamp((middle - light[i]) / Math.Max(middle - dark, LeastContrast), 0, 1);
            float shine = Math.Clamp((light[i] - middle) / Math.Max(bright - middle, LeastContrast), 0, 1);
            float alpha = painted[(i * 4) + 3] = pixels[(i * 4) + 3];
            for (int c = 0; c < 3; c++)
            {
                float lit = channels[c] * (1 - ((1 - Shade) * shade));
                painted[(i * 4) + c] = alpha * (lit + ((1 - lit) * Shine * shine));
            }
        }
        return sprite with { Pixels = painted };
    }
}
