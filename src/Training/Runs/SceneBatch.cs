using MiniWorld.Scenes;
using Training.Rendering;
using static TorchSharp.torch;

namespace Training.Runs;

/// <summary>A scene and how it looks.</summary>
internal sealed record DrawnScene(Scene Scene, RenderedScene Image);

/// <summary>Scenes drawn for one step.</summary>
/// <param name="Scenes">What is in each, and which object shows at each pixel.</param>
/// <param name="Pixels"><c>[B, 3, 64, 64]</c> float32, 0..1.</param>
internal sealed record SceneBatch(IReadOnlyList<DrawnScene> Scenes, Tensor Pixels)
{
    /// <summary>Draws scenes.</summary>
    public static SceneBatch Draw(SceneRenderer renderer, IEnumerable<Scene> scenes)
        => Of([.. scenes.Select(scene => new DrawnScene(scene, renderer.Render(scene)))]);

    /// <summary>Scenes that are drawn already.</summary>
    public static SceneBatch Of(DrawnScene[] scenes)
    {
        float[] all = new float[scenes.Length * 3 * 64 * 64];
        for (int i = 0; i < scenes.Length; i++)
        {
            scenes[i].Image.Pixels.CopyTo(all, i * 3 * 64 * 64);
        }

        return new(scenes, tensor(all, [scenes.Length, 3, 64, 64]));
    }
}
