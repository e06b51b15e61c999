using DiffusionLens.Tokenizers;
using static TorchSharp.torch;

namespace Training.Text;

/// <summary>Captions as the text encoder gets them.</summary>
/// <param name="Ids">[captions, T] int64.</param>
/// <param name="Mask">1 for tokens, 0 for padding, [captions, T] int64.</param>
/// <param name="Ends">Where each caption's end token is, [captions] int64.</param>
internal sealed record CaptionTokens(Tensor Ids, Tensor Mask, Tensor Ends)
{
    public static CaptionTokens Of(PromptTokenizer tokenizer, IReadOnlyList<string> captions)
    {
        TokenizedPrompt[] prompts = [.. captions.Select(tokenizer.Encode)];
        return new(
            Rows(prompt => prompt.Ids),
            Rows(prompt => prompt.Mask),
            tensor([.. prompts.Select(prompt => prompt.Mask.Sum() - 1L)]));

        Tensor Rows(Func<TokenizedPrompt, IReadOnlyList<int>> row)
            => tensor([.. prompts.SelectMany(row).Select(id => (long)id)], [captions.Count, tokenizer.ModelMaxLength]);
    }
}
