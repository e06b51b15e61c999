using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;

namespace DiffusionLens.Families;

/// <summary>A Gemma 2 encoder as a part of a model's folder.</summary>
/// <param name="Name">The part's name.</param>
/// <param name="Tokenizer">Its tokenizer's.</param>
internal sealed record Gemma2Part(string Name, string Tokenizer)
{
    /// <exception cref="BadInputException">The part is of another class, or its config is missing, damaged or not supported.</exception>
    public Gemma2Config Config(ModelFolder folder)
    {
        folder.RequireClass(Name, nameof(Gemma2Model), "Gemma2ForCausalLM");
        return Gemma2Config.Parse(folder.Config(Name), folder.ConfigPath(Name));
    }

    /// <summary>The tokenizer as the pipeline uses it.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="length">How many tokens are kept of each prompt.</param>
    /// <param name="instruction">What stands before a prompt; null: nothing.</param>
    /// <exception cref="BadInputException">
    /// A file is missing or malformed, they do not belong together, or are of another class; or the length leaves no room for a prompt.
    /// </exception>
    public GemmaTokenizer ReadTokenizer(ModelFolder folder, int length, string? instruction)
    {
        folder.RequireClass(Tokenizer, "GemmaTokenizerFast", nameof(GemmaTokenizer));
        return length >= 2
            ? GemmaTokenizer.FromFolder(folder.PathOf(Tokenizer), length, instruction, folder.ComponentClass(Tokenizer))
            : throw new BadInputException($"max sequence length is {length}; the start token is one, so this model takes 2 or more");
    }

    /// <summary>What determines the images of it.</summary>
    public IEnumerable<ModelPart> Parts(ModelFolder folder) =>
    [
        new TokenizerPart(folder, Tokenizer, length => ReadTokenizer(folder, length ?? GemmaTokenizer.PipelineLength, instruction: null)),
        NetworkPart.Of(folder, Name, Config, (config, placement) => new Gemma2Model(config, softCaps: false, placement)),
    ];
}
