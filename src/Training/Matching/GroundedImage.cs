using Training.Rendering;

namespace Training.Matching;

/// <summary>An image and what of it is wall and floor.</summary>
/// <param name="Pixels">3 × 64 × 64, 0..1.</param>
/// <param name="Ground">3 × 64: a color for each row.</param>
internal sealed record GroundedImage(float[] Pixels, float[] Ground)
{
    private const int Side = RenderedScene.Side, EdgeColumns = 2;

    /// <summary>Takes each row's ground from its two ends, which things hardly reach.</summary>
    /// <param name="pixels">3 × 64 × 64, 0..1.</param>
    public static GroundedImage Of(float[] pixels)
    {
        float[] ground = new float[pixels.Length / Side];
        for (int row = 0; row < ground.Length; row++)
        {
            ReadOnlySpan<float> line = pixels.AsSpan(row * Side, Side);
            float[] ends = [.. line[..EdgeColumns], .. line[^EdgeColumns..]];
            Array.Sort(ends);
            ground[row] = (ends[EdgeColumns - 1] + ends[EdgeColumns]) / 2;
        }

        return new(pixels, ground);
    }
}
