using System.Text.Json.Nodes;
using DiffusionLens;
using Training.Runs;

namespace Training.Language;

/// <summary>The files beside a SentencePiece model that make a T5 tokenizer's folder.</summary>
internal static class T5TokenizerFiles
{
    private const string Model = "spiece.model";

    /// <param name="folder">Holds <c>spiece.model</c> already.</param>
    /// <param name="sentinels">How many ids behind the model's own are sentinels.</param>
    /// <exception cref="BadInputException">There is no such model.</exception>
    public static void Write(string folder, int sentinels)
    {
        if (!File.Exists(Path.Combine(folder, Model)))
        {
            throw new BadInputException(
                $"{folder}: has no {Model}; make it from what the command 'documents' writes, as the card of mini-if says");
        }

        JsonArray special = [.. Enumerable.Range(0, sentinels).Select(number => (JsonNode)$"<extra_id_{number}>")];
        ModelPart.WriteJson(
            new JsonObject
            {
                ["additional_special_tokens"] = special,
                ["eos_token"] = "</s>",
                ["extra_ids"] = sentinels,
                ["legacy"] = true,
                ["model_max_length"] = 77,
                ["pad_token"] = "<pad>",
                ["tokenizer_class"] = "T5Tokenizer",
                ["unk_token"] = "<unk>",
            },
            Path.Combine(folder, "tokenizer_config.json"));
        ModelPart.WriteJson(
            new JsonObject { ["eos_token"] = "</s>", ["pad_token"] = "<pad>", ["unk_token"] = "<unk>" },
            Path.Combine(folder, "special_tokens_map.json"));
    }
}
