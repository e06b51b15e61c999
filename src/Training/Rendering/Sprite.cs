namespace Training.Rendering;

/// <summary>
/// An image cut to its outline. <paramref name="Pixels"/>: height x width x 4 (red, green, blue, alpha), 0..1, colors multiplied by
/// alpha.
/// </summary>
internal sealed record Sprite(int Width, int Height, float[] Pixels)
{
    /// <summary>The smallest part of the image that holds every pixel with an alpha above 24 / 255.</summary>
    public Sprite Cropped()
    {
        int left = Width, top = Height, right = -1, bottom = -1;
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                if (Pixels[(((y * Width) + x) * 4) + 3] > 24 / 255f)
                {
                    (left, right) = (Math.Min(left, x), Math.Max(right, x));
                    (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
                }
            }
        }
        Sprite cut = new(right - left + 1, bottom - top + 1, new float[(right - left + 1) * (bottom - top + 1) * 4]);
        for (int y = 0; y < cut.Height; y++)
        {
            Pixels.AsSpan(((((y + top) * Width) + left) * 4)..)[..(cut.Width * 4)].CopyTo(cut.Pixels.AsSpan(y * cut.Width * 4));
        }
        return cut;
    }

    /// <summary>The image at another size, by a cubic kernel (Catmull-Rom) as wide as what a new pixel covers.</summary>
    public Sprite Scaled(int width, int height)
    {
        float[] narrow = Resample(Pixels, Height, Width * 4, 4, Width, width);
        float[] small = Resample(narrow, 1, 0, width * 4, Height, height);
        for (int i = 0; i < small.Length; i += 4)
        {
            float alpha = small[i + 3] = Math.Clamp(small[i + 3], 0, 1);
            for (int channel = 0; channel < 3; channel++)
            {
                small[i + channel] = Math.Clamp(small[i + channel], 0, alpha);
            }
        }
        return new Sprite(width, height, small);
    }

    // Each of `lines` lines holds `from` neighbors of `width` numbers each; they become `to` neighbors.
    private static float[] Resample(float[] source, int lines, int lineLength, int width, int from, int to)
    {
        float[] result = new float[lines * to * width];
        double ratio = (double)from / to, reach = 2 * Math.Max(1, ratio);
        for (int target = 0; target < to; target++)
        {
            double center = ((target + 0.5) * ratio) - 0.5;
            int first = Math.Max(0, (int)Math.Ceiling(center - reach)), last = Math.Min(from - 1, (int)Math.Floor(center + reach));
            double[] weights = [.. Enumerable.Range(first, last - first + 1).Select(at => Cubic((at - center) / Math.Max(1, ratio)))];
            double sum = weights.Sum();
            for (int line = 0; line < lines; line++)
            {
                for (int k = 0; k < weights.Length; k++)
                {
                    float weight = (float)(weights[k] / sum);
                    for (int i = 0; i < width; i++)
                    {
                        result[(((line * to) + target) * width) + i] += weight * source[(line * lineLength) + ((first + k) * width) + i];
                    }
                }
            }
        }
        return result;
    }

    private static double Cubic(double x) => Math.Abs(x) switch
    {
        < 1 and var d => (1.5 * d * d * d) - (2.5 * d * d) + 1,
        < 2 and var d => (-0.5 * d * d * d) + (2.5 * d * d) - (4 * d) + 2,
        _ => 0,
    };
}
