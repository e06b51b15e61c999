using MiniWorld.Scenes;
using Training.Rendering;
using static TorchSharp.torch;

namespace Training.Runs;

/// <summary>A scene and how it looks.</summary>
internal sealed record DrawnScene(Scene Scene, RenderedScene Image);

/// <summary>Scenes drawn for one step.</summary>
/// <param name="Scenes">What is in each, and which object shows at each pixel.</param>
/// <param name="Pixels"><c>[B, 3, 64, 64]</c> float32, 0..1.</param>
internal sealed record SceneBatch(IReadOnlyList<DrawnScene> Scenes, Tensor Pixels);
