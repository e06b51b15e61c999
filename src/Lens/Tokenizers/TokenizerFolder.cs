namespace DiffusionLens.Tokenizers;

/// <summary>What the files of a tokenizer's folder are called.</summary>
internal static class TokenizerFolder
{
    public const string Whole = "tokenizer.json";
    public const string Vocabulary = "vocab.json";
    public const string Merges = "merges.txt";
    public const string SentencePieces = "spiece.model";
    public const string Config = "tokenizer_config.json";
    public const string SpecialTokensMap = "special_tokens_map.json";
    public const string AddedTokens = "added_tokens.json";
    public const string ChatTemplate = "chat_template.jinja";
}
