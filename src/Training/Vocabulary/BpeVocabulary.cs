using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Tokenizers;

namespace Training.Vocabulary;

/// <summary>
/// A learned vocabulary in CLIP's order: 256 bytes, 256 bytes at a word's end, what the merges make, start token, end token.
/// </summary>
/// <param name="Merges">Pairs of pieces with a space between, in the order learned.</param>
internal sealed record BpeVocabulary(IReadOnlyList<string> Merges)
{
    private const string Start = "<|startoftext|>";
    private const string End = "<|endoftext|>";

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
        WriteIndented = true,
    };

    /// <summary>Pieces of a vocabulary that has learned nothing yet.</summary>
    public static int SizeWithoutMerges => (2 * ByteAlphabet.InVocabularyOrder.Count) + 2;

    /// <summary>The pieces by id. Two merges that make the same piece share its id.</summary>
    public IReadOnlyList<string> Pieces { get; } =
    [
        .. ByteAlphabet.InVocabularyOrder.Select(symbol => symbol.ToString()),
        .. ByteAlphabet.InVocabularyOrder.Select(symbol => symbol + ClipVocabulary.EndOfWord),
        .. Merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal),
        Start,
        End,
    ];

    /// <summary>Writes the tokenizer folder of a Stable Diffusion 1.x model; the end token is also the padding.</summary>
    /// <param name="folder">Made if need be; files of these names in it are replaced.</param>
    /// <param name="modelMaxLength">Tokens in a padded prompt, start and end token included.</param>
    public void WriteTo(string folder, int modelMaxLength = 16)
    {
        Directory.CreateDirectory(folder);
        WriteJson(TokenizerFolder.Vocabulary, new JsonObject(Pieces.Select((piece, id) => KeyValuePair.Create(piece, (JsonNode?)id))));
        File.WriteAllText(
            Path.Combine(folder, TokenizerFolder.Merges),
            $"{ClipVocabulary.MergesHeader}: 0.2\n{string.Concat(Merges.Select(merge => merge + "\n"))}");
        WriteJson(TokenizerFolder.SpecialTokensMap, new JsonObject
        {
            ["bos_token"] = AddedToken(Start),
            ["eos_token"] = AddedToken(End),
            ["pad_token"] = End,
            ["unk_token"] = AddedToken(End),
        });
        WriteJson(TokenizerFolder.Config, new JsonObject
        {
            ["add_prefix_space"] = false,
            ["bos_token"] = TypedToken(Start),
            ["do_lower_case"] = true,
            ["eos_token"] = TypedToken(End),
            ["errors"] = "replace",
            ["model_max_length"] = modelMaxLength,
            ["pad_token"] = End,
            ["tokenizer_class"] = "CLIPTokenizer",
            ["unk_token"] = TypedToken(End),
        });

        void WriteJson(string name, JsonObject json) =>
            File.WriteAllText(Path.Combine(folder, name), json.ToJsonString(Readable) + "\n");
    }

    private static JsonObject AddedToken(string content) => new()
    {
        ["content"] = content,
        ["lstrip"] = false,
        ["normalized"] = true,
        ["rstrip"] = false,
        ["single_word"] = false,
    };

    private static JsonObject TypedToken(string content)
    {
        JsonObject token = AddedToken(content);
        token.Insert(0, "__type", "AddedToken");
        return token;
    }
}
