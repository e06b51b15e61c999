using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;

namespace DiffusionLens.Families;

/// <summary>A T5 encoder as a part of a model's folder.</summary>
/// <param name="Name">The part's name.</param>
/// <param name="Tokenizer">Its tokenizer's.</param>
internal sealed record T5Part(string Name, string Tokenizer)
{
    /// <summary>Whether the pipeline lower-cases prompts, and strips them of white space at both ends, before they are read.</summary>
    public bool LowersCase { get; init; }

    /// <summary>Whether the encoder is given the mask, so that no token attends to padding.</summary>
    public bool Masks { get; init; }

    /// <exception cref="BadInputException">The config is missing, damaged or not supported.</exception>
    public T5Config Config(ModelFolder folder) => T5Config.Parse(folder.Config(Name), folder.ConfigPath(Name));

    /// <summary>The tokenizer, which reads prompts as the pipeline does.</summary>
    /// <exception cref="BadInputException">A file is missing or malformed, or they do not belong together.</exception>
    public T5Tokenizer ReadTokenizer(ModelFolder folder, int length)
        => T5Tokenizer.FromFolder(folder.PathOf(Tokenizer), length, LowersCase, folder.ComponentClass(Tokenizer));

    /// <summary>What determines the images of it.</summary>
    public IEnumerable<ModelPart> Parts(ModelFolder folder) =>
    [
        new TokenizerPart(folder, Tokenizer, length => ReadTokenizer(folder, length ?? T5Tokenizer.DeepFloydLength)),
        NetworkPart.Of(folder, Name, Config, (config, placement) => new T5EncoderModel(config, placement)),
    ];
}
