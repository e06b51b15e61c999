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

    /// <summary>Whether a tokenizer's class is one of transformers' fast ones.</summary>
    public static bool IsFast(string className) => className.EndsWith("Fast", StringComparison.Ordinal);

    /// <summary>
    /// Whether <c>tokenizer.json</c> is read and not the older files: a fast class takes it where it is there, a slow one where there is
    /// nothing else (transformers 5 writes nothing else, whatever class it names).
    /// </summary>
    public static bool ReadsWhole(string folder, bool isFast, params string[] olderFiles)
        => File.Exists(Path.Combine(folder, Whole)) && (isFast || !olderFiles.All(name => File.Exists(Path.Combine(folder, name))));

    /// <summary>Whether <c>tokenizer.json</c> is the one vocabulary in a folder, and is one of unigrams.</summary>
    public static bool HoldsUnigrams(string folder)
        => ReadsWhole(folder, isFast: false, Vocabulary, Merges) && TokenizerJson.Read(folder).ModelType == TokenizerJson.Unigram;
}
