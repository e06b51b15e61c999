using System.Text.Json;

namespace Lens.Tokenizers;

/// <summary>The files of a tokenizer folder: their names, and reading them with complaints that say where.</summary>
internal static class TokenizerFiles
{
    public const string Vocabulary = "vocab.json";
    public const string Merges = "merges.txt";
    public const string Config = "tokenizer_config.json";
    public const string SpecialTokensMap = "special_tokens_map.json";
    public const string AddedTokens = "added_tokens.json";

    /// <exception cref="BadInputException">The file is missing or unreadable.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException(
                $"{path}: no such file; a CLIP tokenizer folder holds {Vocabulary}, {Merges}, {Config} and {SpecialTokensMap}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A file whose JSON is an object.</summary>
    /// <exception cref="BadInputException">The file is missing, is no JSON, or is no object.</exception>
    public static JsonElement ReadObject(string path)
    {
        byte[] json = Read(path);
        try
        {
            JsonElement root = JsonSerializer.Deserialize<JsonElement>(json);
            return root.ValueKind == JsonValueKind.Object
                ? root
                : throw new BadInputException($"{path}:1:1: holds a JSON {root.ValueKind}; it has to be an object");
        }
        catch (JsonException e)
        {
            throw Malformed(path, e);
        }
    }

    /// <summary>The complaint about a file that is not JSON.</summary>
    public static BadInputException Malformed(string path, JsonException e) =>
        new($"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: not valid JSON; save the file again or fetch it again", e);
}
