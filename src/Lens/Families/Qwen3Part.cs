using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;

namespace DiffusionLens.Families;

/// <summary>A Qwen3 or Qwen2.5-VL encoder as a part of a model's folder.</summary>
/// <param name="Name">The part's name.</param>
/// <param name="Tokenizer">Its tokenizer's.</param>
/// <param name="Template">What the pipeline makes of a prompt.</param>
/// <param name="Pads">Whether the denoiser gets padding too.</param>
internal sealed record Qwen3Part(string Name, string Tokenizer, ChatTemplate Template, bool Pads)
{
    /// <summary>Which of the two it is.</summary>
    public EncoderKind Kind { get; init; } = EncoderKind.Qwen3;

    /// <exception cref="BadInputException">The part is of another class, or its config is missing, damaged or not supported.</exception>
    public Qwen3Config Config(ModelFolder folder)
    {
        bool isVision = Kind == EncoderKind.Qwen25VL;
        string[] classes = isVision ? ["Qwen2_5_VLForConditionalGeneration", "Qwen2_5_VLModel"] : ["Qwen3ForCausalLM", nameof(Qwen3Model)];
        folder.RequireClass(Name, classes);
        return isVision
            ? Qwen25VLConfig.Parse(folder.Config(Name), folder.ConfigPath(Name))
            : Qwen3Config.Parse(folder.Config(Name), folder.ConfigPath(Name));
    }

    /// <summary>The tokenizer, which writes a prompt as a message.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="length">How many tokens are read of a prompt, those aside that the pipeline drops.</param>
    /// <exception cref="BadInputException">
    /// A file is missing or malformed, they do not belong together, or are of another class.
    /// </exception>
    public Qwen2Tokenizer ReadTokenizer(ModelFolder folder, int length)
    {
        folder.RequireClass(Tokenizer, "Qwen2TokenizerFast", nameof(Qwen2Tokenizer));
        return Qwen2Tokenizer.FromFolder(folder.PathOf(Tokenizer), Template.Dropped + length, Template, Pads);
    }

    /// <summary>What determines the images of it: the blocks above those that are read do not.</summary>
    public IEnumerable<ModelPart> Parts(ModelFolder folder, int blocks) => Parts(folder, () => blocks);

    /// <summary>The same, where the config says which is the deepest, which may not be there.</summary>
    public IEnumerable<ModelPart> Parts(ModelFolder folder, Func<int> blocks) =>
    [
        new TokenizerPart(folder, Tokenizer, length => ReadTokenizer(folder, length ?? Qwen2Tokenizer.PipelineLength)),
        NetworkPart.Of(folder, Name, Config, (config, placement) => new Qwen3Model(config, blocks(), placement)),
    ];
}
