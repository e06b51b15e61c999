using MiniWorld.Scenes;
using TorchSharp;
using Training.Denoiser;
using Training.Rendering;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Evaluation;

/// <summary>
/// The scenes of a sheet as they are drawn and as an autoencoder gives them back: the best that a denoiser could make of them.
/// </summary>
internal static class DrawnSheet
{
    /// <summary>Writes them beside the sheet, under its name with <c>-drawn</c> and <c>-autoencoder</c>.</summary>
    /// <param name="png">The sheet.</param>
    /// <param name="scenes">What it shows.</param>
    /// <param name="renderer">Who draws.</param>
    /// <param name="parts">Of the model whose autoencoder it is; null: there is none.</param>
    /// <returns>What the autoencoder gives back of each, channel by channel and row by row, 0..1.</returns>
    public static float[][]? Save(string png, IEnumerable<Scene> scenes, SceneRenderer renderer, FrozenParts? parts)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor pixels = SceneBatch.Draw(renderer, scenes).Pixels;
        ImageSheet.Save(pixels, LastLayerEvaluation.SheetColumns, Beside("drawn"));
        if (parts is null)
        {
            return null;
        }

        Tensor decoded = parts.Pixels(parts.Targets(pixels));
        ImageSheet.Save(decoded, LastLayerEvaluation.SheetColumns, Beside("autoencoder"));
        return ImageSheet.Values(decoded);

        string Beside(string what) => $"{Path.ChangeExtension(png, null)}-{what}.png";
    }
}
