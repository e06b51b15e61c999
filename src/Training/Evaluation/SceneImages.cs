using DiffusionLens;
using DiffusionLens.Pipelines;
using MiniWorld.Scenes;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Evaluation;

/// <summary>A model's images of scenes' captions.</summary>
/// <param name="model">Whose.</param>
/// <param name="sampler">How they are made.</param>
internal sealed class SceneImages(TextToImageModel model, SamplerSettings sampler)
{
    private readonly Lens _lens = new(model);

    /// <summary>The last layer's number.</summary>
    public int LastLayer => model.LayerCount;

    /// <summary>
    /// All seeds of the first scene's caption, then of the next; a cascade takes them all through one stage before the next is loaded.
    /// </summary>
    /// <returns><c>[scenes × seeds, 3, H, W]</c>, 0..1.</returns>
    public Tensor Draw(IReadOnlyList<Scene> scenes, IReadOnlyList<ulong> seeds, int layer)
    {
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<PromptEncoding> encodings = _lens.Encode([.. scenes.Select(scene => scene.Caption)]);
        IEnumerable<PromptBatch> batches =
            from encoding in encodings
            from batch in _lens.Batches(encoding.Prompt, [new LensSite(layer)], [.. seeds], sampler)
            select new PromptBatch(encoding, batch);
        Tensor images = stack([.. _lens.Images([.. batches], sampler).Select(image => image.Pixels)]);
        foreach (PromptEncoding encoding in encodings)
        {
            encoding.Dispose();
        }

        return images.MoveToOuterDisposeScope();
    }
}
