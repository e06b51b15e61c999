namespace DiffusionLens.ImageEncoders;

/// <summary>
/// Resizes images of eight bits a channel to the last bit as Pillow's <c>Image.resize</c> does: with filters that widen where the image
/// shrinks, along the rows first and then down the columns, each time in fixed-point weights and rounded to eight bits.
/// </summary>
internal static class PillowResize
{
    private const int Channels = RgbImage.Channels, PrecisionBits = 32 - 8 - 2;

    /// <summary>The image with so many columns and rows, 1 or more each.</summary>
    public static RgbImage To(RgbImage image, int width, int height, PillowFilter filter)
    {
        if (filter == PillowFilter.Nearest)
        {
            return Nearest(image, width, height);
        }

        RgbImage wide = width == image.Width ? image : Along(image, width, filter);
        return height == image.Height ? wide : Down(wide, height, filter);
    }

    private static RgbImage Along(RgbImage image, int width, PillowFilter filter)
    {
        Weights[] weights = WeightsOf(image.Width, width, filter);
        byte[] result = new byte[width * image.Height * Channels];
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int from = ((y * image.Width) + weights[x].First) * Channels;
                Mix(image.Rgb, from, Channels, weights[x].Fixed, result, ((y * width) + x) * Channels);
            }
        }

        return new RgbImage(width, image.Height, result);
    }

    private static RgbImage Down(RgbImage image, int height, PillowFilter filter)
    {
        Weights[] weights = WeightsOf(image.Height, height, filter);
        int row = image.Width * Channels;
        byte[] result = new byte[row * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < row; x += Channels)
            {
                Mix(image.Rgb, (weights[y].First * row) + x, row, weights[y].Fixed, result, (y * row) + x);
            }
        }

        return new RgbImage(image.Width, height, result);
    }

    private static void Mix(byte[] source, int from, int step, int[] weights, byte[] result, int to)
    {
        for (int channel = 0; channel < Channels; channel++)
        {
            int sum = 1 << (PrecisionBits - 1);
            for (int i = 0; i < weights.Length; i++)
            {
                sum += source[from + (i * step) + channel] * weights[i];
            }

            result[to + channel] = (byte)Math.Clamp(sum >> PrecisionBits, 0, 255);
        }
    }

    // Of each pixel of the result the first that it is mixed of, and the weights of that and the ones after it.
    private static Weights[] WeightsOf(int from, int to, PillowFilter filter)
    {
        double scale = (double)from / to, stretch = Math.Max(1, scale), support = SupportOf(filter) * stretch;
        Weights[] all = new Weights[to];
        for (int i = 0; i < to; i++)
        {
            double center = (i + 0.5) * scale;
            int first = Math.Max(0, (int)(center - support + 0.5)), end = Math.Min(from, (int)(center + support + 0.5));
            double[] weights = [.. Enumerable.Range(0, end - first)
                .Select(place => WeightAt((place + first - center + 0.5) * (1 / stretch), filter))];
            double sum = 0;
            foreach (double weight in weights)
            {
                sum += weight;
            }

            all[i] = new Weights(first, [.. weights.Select(weight => Fixed(sum != 0 ? weight / sum : weight))]);
        }

        return all;
    }

    private static int Fixed(double weight) => (int)((weight < 0 ? -0.5 : 0.5) + (weight * (1 << PrecisionBits)));

    private static double SupportOf(PillowFilter filter) => filter switch
    {
        PillowFilter.Box => 0.5,
        PillowFilter.Bilinear or PillowFilter.Hamming => 1,
        PillowFilter.Bicubic => 2,
        _ => 3,
    };

    private static double WeightAt(double x, PillowFilter filter) => filter switch
    {
        PillowFilter.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
        PillowFilter.Bilinear => Math.Max(0, 1 - Math.Abs(x)),
        PillowFilter.Hamming => Hamming(Math.Abs(x)),
        PillowFilter.Bicubic => Bicubic(Math.Abs(x)),
        _ => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
    };

    private static double Hamming(double x) => x == 0 ? 1 : x >= 1 ? 0 : Math.Sin(Math.PI * x) / (Math.PI * x)
        * (0.54 + (0.46 * Math.Cos(Math.PI * x)));

    // Keys' cubic convolution, with the parameter -1/2.
    private static double Bicubic(double x)
    {
        const double A = -0.5;
        return x < 1 ? ((((A + 2) * x) - (A + 3)) * x * x) + 1 : x < 2 ? ((((((x - 5) * x) + 8) * x) - 4) * A) : 0;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);

    // Places are summed up, not multiplied, which can differ in the last bit and so at the border of a pixel.
    private static RgbImage Nearest(RgbImage image, int width, int height)
    {
        int[] columns = Places(image.Width, width), rows = Places(image.Height, height);
        byte[] result = new byte[width * height * Channels];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                Array.Copy(image.Rgb, ((rows[y] * image.Width) + columns[x]) * Channels, result, ((y * width) + x) * Channels, Channels);
            }
        }

        return new RgbImage(width, height, result);

        static int[] Places(int from, int to)
        {
            double scale = (double)from / to, place = scale * 0.5;
            int[] places = new int[to];
            for (int i = 0; i < to; i++, place += scale)
            {
                places[i] = Math.Min(from - 1, (int)place);
            }

            return places;
        }
    }

    private readonly record struct Weights(int First, int[] Fixed);
}
