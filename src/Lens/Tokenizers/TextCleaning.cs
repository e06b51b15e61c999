namespace DiffusionLens.Tokenizers;

/// <summary>What is done to a prompt before CLIP's tokenizer reads it.</summary>
public enum TextCleaning
{
    /// <summary>Nothing: <c>CLIPTokenizerFast</c>, and <c>CLIPTokenizer</c> from transformers 5 on.</summary>
    None,

    /// <summary>
    /// It is mended as the Python library ftfy (6.3.1) mends text: <c>CLIPTokenizer</c> of transformers 4, where ftfy is installed.
    /// </summary>
    Ftfy,
}
