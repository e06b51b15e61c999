using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>What the files of a tokenizer's folder are called.</summary>
internal static class TokenizerFolder
{
    public const string Whole = "tokenizer.json";
    public const string Vocabulary = "vocab.json";
    public const string Merges = "merges.txt";
    public const string SentencePieces = "spiece.model";
    public const string GemmaPieces = "tokenizer.model";
    public const string Config = "tokenizer_config.json";
    public const string SpecialTokensMap = "special_tokens_map.json";
    public const string AddedTokens = "added_tokens.json";
    /// <summary>All that CLIP's tokenizer may be read from.</summary>
    public static IReadOnlyList<string> ClipFiles { get; } = [Whole, Vocabulary, Merges, Config, SpecialTokensMap, AddedTokens];

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

    /// <summary>The id of a token with a role.</summary>
    /// <param name="folder">The tokenizer's folder.</param>
    /// <param name="role">Its key, such as <c>pad_token</c>.</param>
    /// <param name="defaultValue">The class's own, where no file names it.</param>
    /// <param name="added">The added tokens, of which it is one.</param>
    /// <exception cref="BadInputException">The role is given to nothing, or to no added token.</exception>
    public static int SpecialToken(string folder, string role, string defaultValue, IEnumerable<AddedToken> added)
    {
        string path = Path.Combine(folder, Config), token = defaultValue;
        if (new SpecialTokenFiles(folder, ConfigFile.ReadObject(path)).Find(role) is { } named)
        {
            path = named.Path;
            token = named.Content
                ?? throw new BadInputException($"{path}: names no {role}; it is a string, or an object with \"content\"");
        }

        return added.FirstOrDefault(one => one.Content == token) is { } found
            ? found.Id
            : throw new BadInputException($"{path}: its {role} \"{token}\" is no added token");
    }
}
