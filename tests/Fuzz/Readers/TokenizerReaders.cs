using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Tokenizers;
using Fuzz.Mutation;

namespace Fuzz.Readers;

/// <summary>Tokenizers' folders, with a prompt after each.</summary>
internal static class TokenizerReaders
{
    private const int Pieces = 200;

    private static readonly string[] ConfigNames =
        [TokenizerFolder.Config, TokenizerFolder.SpecialTokensMap, TokenizerFolder.AddedTokens, TokenizerFolder.Whole];

    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        Folder("clip-tokenizer", "sd1/tokenizer", [], TokenizerFolder.Vocabulary, TokenizerFolder.Merges),
        Folder("clip-tokenizer-json", "folders/tokenizer_json/clip", []),
        Folder("qwen2-tokenizer", "klein/tokenizer", [TokenizerFolder.Whole], TokenizerFolder.Vocabulary, TokenizerFolder.Merges),
        Folder("qwen2-tokenizer-json", "zimage/tokenizer", [TokenizerFolder.Vocabulary, TokenizerFolder.Merges]),
        Folder("gemma-tokenizer", "sana/tokenizer", [TokenizerFolder.Whole], TokenizerFolder.GemmaPieces),
        Folder("gemma-tokenizer-json", "sana/tokenizer", [TokenizerFolder.GemmaPieces]),
        new(
            "t5-tokenizer",
            [
                new(TokenizerFolder.SentencePieces, [SmallPieces()]),
                new(
                    TokenizerFolder.Config,
                    [Repository.Read("tests/Lens.Tests/reference/if/stage_I/tokenizer/tokenizer_config.json"), SmallT5Config()]),
            ],
            Read),
        new("t5-tokenizer-json", [new(TokenizerFolder.Whole, [SmallUnigrams()]), new(TokenizerFolder.Config, [SmallT5Config()])], Read),
    ];

    private static FuzzedReader Folder(string name, string path, string[] leftOut, params string[] more)
    {
        string folder = Repository.Reference(path);
        return new FuzzedReader(
            name,
            [
                .. ConfigNames.Concat(more).Except(leftOut)
                    .Where(file => File.Exists(Path.Combine(folder, file)))
                    .Select(file => new FuzzedFile(file, [new Content(File.ReadAllBytes(Path.Combine(folder, file)))])),
            ],
            Read)
        {
            Beside = folder,
            LeftOut = leftOut,
        };
    }

    private static void Read(string folder)
    {
        PromptTokenizer tokenizer = PromptTokenizer.FromFolder(folder);
        tokenizer.Encode("a red car, and a blue star é 日本 <|endoftext|></s> 7");
        tokenizer.Encode("");
    }

    /// <summary>T5's model with few pieces and few rules, so that a mutation hits what matters.</summary>
    private static Content SmallPieces()
    {
        byte[] model = File.ReadAllBytes(Repository.Reference("if/stage_I/tokenizer/spiece.model"));
        IReadOnlyList<ProtobufField> fields = ProtobufField.In(model);
        byte[] rules = [16, 0, 0, 0, 1, 2, 3, 4, 0x61, 1, 0, 0, 9, 9, 9, 9, (byte)'b', 0, (byte)'c', 0];
        return new Content(
        [
            .. fields.Where(field => field.Number == 1).Take(Pieces).SelectMany(field => model[field.Start..field.End]),
            .. fields.Where(field => field.Number == 2).SelectMany(field => model[field.Start..field.End]),
            .. ProtobufField.Written(3, ProtobufField.Written(2, rules)),
        ]);
    }

    private static Content SmallUnigrams()
    {
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(Repository.Reference("folders/tokenizer_json/t5/tokenizer.json")))!;
        JsonNode model = json["model"]!;
        JsonArray pieces = model["vocab"]!.AsArray();
        model["vocab"] = new JsonArray([.. pieces.Take(Pieces).Select(piece => piece!.DeepClone())]);
        json["added_tokens"] = new JsonArray([.. json["added_tokens"]!.AsArray().Take(3).Select(token => token!.DeepClone())]);
        foreach (JsonNode? step in json["normalizer"]?["normalizers"]?.AsArray() ?? new JsonArray(json["normalizer"]?.DeepClone()))
        {
            if (step?["precompiled_charsmap"] is not null)
            {
                step["precompiled_charsmap"] = Convert.ToBase64String([8, 0, 0, 0, 1, 2, 3, 4, 0x61, 1, 0, 0, (byte)'b', 0]);
            }
        }

        return new Content(Encoding.UTF8.GetBytes(json.ToJsonString(new JsonSerializerOptions { WriteIndented = true })));
    }

    private static Content SmallT5Config() => new(
        """
        {"tokenizer_class": "T5TokenizerFast", "extra_ids": 0, "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
        """u8.ToArray());
}
