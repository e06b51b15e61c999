namespace DiffusionLens.Tokenizers;

/// <summary>Whose ids a T5 tokenizer gives.</summary>
public enum T5TokenizerKind
{
    /// <summary>Those of <c>T5Tokenizer</c>, legacy: every stretch between special tokens is a text of its own. DeepFloyd IF's.</summary>
    Slow,

    /// <summary>Those of <c>T5Tokenizer</c> with <c>legacy</c> false: a space stands before the whole text alone.</summary>
    SlowNotLegacy,

    /// <summary>
    /// Those of <c>T5TokenizerFast</c>, which adds a second end to a text that ends in one. Stable Diffusion 3's and FLUX's.
    /// </summary>
    Fast,
}
