using Experiments.Models;

namespace Experiments.Images;

/// <summary>Loaded models as generators of an experiment's images.</summary>
internal static class ModelGenerators
{
    /// <summary>Prompts that a model which holds one network at a time encodes before it makes images: their states take 1 GiB with T5-XXL
    /// in bfloat16.</summary>
    private const int EncodedAhead = 64;

    /// <summary>Prompts that such a model takes through a stage before the next is loaded; what an interruption loses.</summary>
    private const int MadeTogether = 8;

    /// <summary>A model as a generator.</summary>
    public static ImageGenerator AsGenerator(this LoadedModel model) => model.Model.HoldsOneNetwork
        ? new(EncodedAhead, MadeTogether, model.Encode, model.Batches, model.Make)
        : new(PreparedAhead: 1, MadeTogether: null, model.Encode, model.Batches, model.Make);
}
