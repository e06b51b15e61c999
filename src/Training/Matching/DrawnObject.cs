using Training.Rendering;

namespace Training.Matching;

/// <summary>
/// What is seen of an object in a rendered scene, and the ground around it: a thing in one color is known by its outline alone.
/// </summary>
internal sealed class DrawnObject
{
    private const int Side = RenderedScene.Side, Plane = Side * Side, Ring = 2, Channels = 3;

    private readonly int[] _rows, _columns;
    private readonly float[] _values; // of the object itself; around it there is the image's own ground

    private DrawnObject(List<int> pixels, float[] image, int covered)
    {
        _rows = [.. pixels.Select(pixel => pixel / Side)];
        _columns = [.. pixels.Select(pixel => pixel % Side)];
        _values = [.. pixels.Take(covered)
            .SelectMany(pixel => Enumerable.Range(0, Channels).Select(channel => image[(channel * Plane) + pixel]))];
        Covered = covered;
    }

    /// <summary>How many of its pixels are the object itself.</summary>
    public int Covered { get; }

    /// <param name="scene">The rendered scene.</param>
    /// <param name="number">Which of its objects.</param>
    public static DrawnObject Of(RenderedScene scene, byte number)
    {
        List<int> own = [.. Enumerable.Range(0, Plane).Where(pixel => scene.Objects[pixel] == number)];
        HashSet<int> ring = [];
        foreach (int pixel in own)
        {
            for (int row = Math.Max(0, (pixel / Side) - Ring); row <= Math.Min(Side - 1, (pixel / Side) + Ring); row++)
            {
                for (int column = Math.Max(0, (pixel % Side) - Ring); column <= Math.Min(Side - 1, (pixel % Side) + Ring); column++)
                {
                    if (scene.Objects[(row * Side) + column] == RenderedScene.Ground)
                    {
                        ring.Add((row * Side) + column);
                    }
                }
            }
        }

        return new DrawnObject([.. own, .. ring.Order()], scene.Pixels, own.Count);
    }

    /// <summary>The object's own pixels when it is moved, as far as they are in the image.</summary>
    public IEnumerable<int> Pixels(int right, int down)
    {
        for (int i = 0; i < Covered; i++)
        {
            if (_rows[i] + down is >= 0 and < Side && _columns[i] + right is >= 0 and < Side)
            {
                yield return ((_rows[i] + down) * Side) + _columns[i] + right;
            }
        }
    }

    /// <summary>
    /// The normalized cross-correlation of the moved object with an image, the mean of each color channel taken away: 1 where the image
    /// shows it, in whatever light; about 0 where it shows something else.
    /// </summary>
    /// <param name="image">The image and its ground.</param>
    public double Correlation(GroundedImage image, int right, int down)
    {
        double both = 0, drawn = 0, seen = 0;
        for (int channel = 0; channel < Channels; channel++)
        {
            int from = channel * Plane, count = 0;
            float sumT = 0, sumI = 0, sumTT = 0, sumII = 0, sumTI = 0;
            for (int i = 0; i < _rows.Length; i++)
            {
                int row = _rows[i] + down, column = _columns[i] + right;
                if ((uint)row < Side && (uint)column < Side)
                {
                    float t = i < Covered ? _values[(i * Channels) + channel] : image.Ground[(channel * Side) + row];
                    float x = image.Pixels[from + (row * Side) + column];
                    count++;
                    sumT += t;
                    sumI += x;
                    sumTT += t * t;
                    sumII += x * x;
                    sumTI += t * x;
                }
            }

            if (count < _rows.Length / 2)
            {
                return 0;
            }

            both += sumTI - (sumT * sumI / count);
            drawn += sumTT - (sumT * sumT / count);
            seen += sumII - (sumI * sumI / count);
        }

        return drawn > 0 && seen > 0 ? both / Math.Sqrt(drawn * seen) : 0;
    }
}
