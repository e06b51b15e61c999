namespace Training.Rendering;

/// <summary>A scene as a picture of <see cref="Side"/> x <see cref="Side"/> pixels.</summary>
/// <param name="Pixels">3 x 64 x 64 (red, green and blue planes, row by row), 0..1.</param>
/// <param name="Objects">64 x 64: which of the scene's objects is seen at each pixel; <see cref="Ground"/> where none is.</param>
internal sealed record RenderedScene(float[] Pixels, byte[] Objects)
{
    /// <summary>Height and width of every image, in pixels.</summary>
    public const int Side = 64;

    /// <summary>What <see cref="Objects"/> says where no object is.</summary>
    public const byte Ground = 255;
}
