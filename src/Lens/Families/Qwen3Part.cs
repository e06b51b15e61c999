using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;

namespace DiffusionLens.Families;

/// <summary>A Qwen3 encoder as a part of a model's folder.</summary>
/// <param name="Name">The part's name.</param>
/// <param name="Tokenizer">Its tokenizer's.</param>
/// <param name="Template">What the pipeline makes of a prompt.</param>
/// <param name="Pads">Whether the denoiser gets padding too.</param>
internal sealed record Qwen3Part(string Name, string Tokenizer, ChatTemplate Template, bool Pads)
{
    /// <exception cref="BadInputException">The part is of another class, or its config is missing, damaged or not supported.</exception>
    public Qwen3Config Config(ModelFolder folder)
    {
        folder.RequireClass(Name, "Qwen3ForCausalLM", nameof(Qwen3Model));
        return Qwen3Config.Parse(folder.Config(Name), folder.ConfigPath(Name));
    }

    /// <summary>The tokenizer, which writes a prompt as a message.</summary>
    /// <exception cref="BadInputException">
    /// A file is missing or malformed, they do not belong together, or are of another class.
    /// </exception>
    public Qwen2Tokenizer ReadTokenizer(ModelFolder folder, int length)
    {
        folder.RequireClass(Tokenizer, "Qwen2TokenizerFast", nameof(Qwen2Tokenizer));
        return Qwen2Tokenizer.FromFolder(folder.PathOf(Tokenizer), length, Template, Pads);
    }

    /// <summary>What determines the images of it: the blocks above those that are read do not.</summary>
    public IEnumerable<ModelPart> Parts(ModelFolder folder, int blocks) =>
    [
        new TokenizerPart(folder, Tokenizer, length => ReadTokenizer(folder, length ?? Qwen2Tokenizer.PipelineLength)),
        new NetworkPart(folder, Name, () => new Qwen3Model(Config(folder), blocks, Placement.Meta)),
    ];
}
