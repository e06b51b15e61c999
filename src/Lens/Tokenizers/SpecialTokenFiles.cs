using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// What the files of a tokenizer's folder say of tokens with a role, as transformers takes it from 4.34 on: <c>tokenizer_config.json</c>
/// says all where it has <c>added_tokens_decoder</c>. Older folders have <c>special_tokens_map.json</c> besides, which there goes before
/// it: Stable Diffusion 2 names its padding token, <c>!</c>, in the map alone.
/// </summary>
internal sealed class SpecialTokenFiles
{
    private static readonly string[] Roles =
        ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    private static readonly string[] Others = ["additional_special_tokens", "extra_special_tokens"];

    // The one that counts first.
    private readonly IReadOnlyList<NamingFile> _files;

    /// <param name="folder">The tokenizer's folder.</param>
    /// <param name="config">Its <c>tokenizer_config.json</c>.</param>
    /// <exception cref="BadInputException">The map is read and is no JSON object.</exception>
    public SpecialTokenFiles(string folder, JsonElement config)
    {
        string map = Path.Combine(folder, TokenizerFolder.SpecialTokensMap);
        NamingFile own = new(Path.Combine(folder, TokenizerFolder.Config), config);
        _files = DecoderOf(config) is null && File.Exists(map) ? [new(map, ConfigFile.ReadObject(map)), own] : [own];
    }

    /// <summary>
    /// The added tokens that a <c>tokenizer_config.json</c> lists by their ids; null where it has no list, so that the older files count.
    /// </summary>
    public static JsonElement? DecoderOf(JsonElement config)
        => config.TryGetProperty("added_tokens_decoder", out JsonElement decoder) && decoder.ValueKind == JsonValueKind.Object
            ? decoder
            : null;

    /// <summary>The token with a role; null where no file that counts says anything of it.</summary>
    /// <param name="role">Its key, such as <c>pad_token</c>.</param>
    public NamedToken? Find(string role)
        => _files.Select(file => file.Content.TryGetProperty(role, out JsonElement value) ? new NamedToken(file.Path, value) : null)
            .FirstOrDefault(token => token is not null);

    /// <summary>Whether a token of that content has a role.</summary>
    public bool HasRole(string content)
        => Roles.Any(role => Find(role)?.Content == content)
            || _files.Any(file => Others.Any(key => file.Content.TryGetProperty(key, out JsonElement tokens)
                && tokens.ValueKind == JsonValueKind.Array
                && tokens.EnumerateArray().Any(token => NamedToken.ContentOf(token) == content)));

    private sealed record NamingFile(string Path, JsonElement Content);
}
