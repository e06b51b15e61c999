using MiniWorld.Recognition;
using MiniWorld.Scenes;
using Training.Rendering;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Recognition;

/// <summary>The truth of every 8×8-pixel cell, as the recognizer's classes; [B, 8, 8] int64 each.</summary>
/// <param name="Things">0 where nothing covers a quarter of the cell.</param>
/// <param name="Colors">0 where there is no thing, <see cref="Undecided"/> where a thing has its own colors.</param>
/// <param name="Relations">0 where the cell's thing is in or on nothing.</param>
internal sealed record CellLabels(Tensor Things, Tensor Colors, Tensor Relations)
{
    /// <summary>A cell that the loss leaves out.</summary>
    public const long Undecided = -100;

    /// <summary>Cells along each side.</summary>
    public const int Side = 8;

    private const int CellSize = RenderedScene.Side / Side;

    // From so many pixels on a cell shows what covers them.
    private const int Enough = CellSize * CellSize / 4;

    public static CellLabels Of(IReadOnlyList<DrawnScene> scenes, RecognizerConfig config)
    {
        int cells = Side * Side;
        long[] things = new long[scenes.Count * cells], colors = new long[scenes.Count * cells], relations = new long[scenes.Count * cells];
        SceneClasses classes = new(config);
        for (int s = 0; s < scenes.Count; s++)
        {
            IReadOnlyList<SceneObject> objects = scenes[s].Scene.Objects;
            for (int cell = 0; cell < cells; cell++)
            {
                if (Shown(scenes[s].Image, cell, objects.Count) is not { } shown)
                {
                    continue;
                }

                SceneObject o = objects[shown];
                int at = (s * cells) + cell;
                things[at] = classes.Thing(o.Word);
                colors[at] = o.Color is { } color ? classes.Color(color) : Undecided;
                relations[at] = o.Relation is { } relation ? classes.Relation(relation) : 0;
            }
        }

        return new(Shaped(things), Shaped(colors), Shaped(relations));

        Tensor Shaped(long[] values) => tensor(values, [scenes.Count, Side, Side]);
    }

    /// <summary>The object that shows most in a cell, where it covers a quarter of it.</summary>
    private static int? Shown(RenderedScene image, int cell, int objects)
    {
        int[] pixels = new int[objects];
        int top = cell / Side * CellSize, left = cell % Side * CellSize;
        for (int y = top; y < top + CellSize; y++)
        {
            for (int x = left; x < left + CellSize; x++)
            {
                byte shown = image.Objects[(y * RenderedScene.Side) + x];
                if (shown != RenderedScene.Ground)
                {
                    pixels[shown]++;
                }
            }
        }

        int most = Array.IndexOf(pixels, pixels.Max());
        return pixels[most] >= Enough ? most : null;
    }
}
