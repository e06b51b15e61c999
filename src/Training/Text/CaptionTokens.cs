using Lens.Tokenizers;
using static TorchSharp.torch;

namespace Training.Text;

/// <summary>Captions as the text encoder gets them.</summary>
/// <param name="Ids">[captions, T] int64.</param>
/// <param name="Ends">Where each caption's end token is, [captions] int64.</param>
internal sealed record CaptionTokens(Tensor Ids, Tensor Ends)
{
    public static CaptionTokens Of(ClipTokenizer tokenizer, IReadOnlyList<string> captions)
    {
        TokenizedPrompt[] prompts = [.. captions.Select(tokenizer.Encode)];
        return new(
            tensor([.. prompts.SelectMany(prompt => prompt.Ids).Select(id => (long)id)], [captions.Count, tokenizer.ModelMaxLength]),
            tensor([.. prompts.Select(prompt => prompt.Mask.Sum() - 1L)]));
    }
}
