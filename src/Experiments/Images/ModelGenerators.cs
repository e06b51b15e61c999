using DiffusionLens.Pipelines;
using DiffusionLens.Tokenizers;
using Experiments.Models;

namespace Experiments.Images;

/// <summary>Loaded models as generators of an experiment's images.</summary>
internal static class ModelGenerators
{
    /// <summary>
    /// Tokens of prompts that a model which holds one network at a time encodes before it makes images: their states take 1 GiB with T5-XXL
    /// in bfloat16.
    /// </summary>
    private const int TokensAhead = 64 * T5Tokenizer.DeepFloydLength;

    /// <summary>Prompts that such a model takes through a stage before the next is loaded; what an interruption loses.</summary>
    private const int MadeTogether = 8;

    /// <summary>
    /// Prompts that any other model encodes before it makes images of them: what they have in common, the empty prompt at least, is encoded
    /// once for all.
    /// </summary>
    private const int PromptsAhead = 16;

    /// <summary>A model as a generator.</summary>
    public static ImageGenerator AsGenerator(this LoadedModel model) => model.Model.HoldsOneNetwork
        ? new(EncodedAhead(model.Model), MadeTogether, model.Encode, model.Batches, model.Make)
        : new(PromptsAhead, MadeTogether: null, model.Encode, model.Batches, model.Make)
        {
            SharedBatch = model.Model.SharedBatchSize(model.Settings),
        };

    private static int EncodedAhead(TextToImageModel model)
        => Math.Max(MadeTogether, TokensAhead / model.Tokenize("").Sum(tokens => tokens.Ids.Count));
}
