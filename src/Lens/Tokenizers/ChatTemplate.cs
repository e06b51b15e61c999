using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// What a pipeline makes of a prompt before it is encoded: one message of a user that an assistant is to answer. Qwen3's pipelines take the
/// folder's chat template, a program, which is not run: it is looked at for the marks of Qwen3's, so that another one is not taken for it.
/// Qwen-Image's takes a text of its own and no notice of the folder's.
/// </summary>
internal sealed class ChatTemplate
{
    private const string Opening = "<|im_start|>user\n", After = "<|im_end|>\n<|im_start|>assistant\n";
    private const string OfFolder = "Qwen3's chat template";
    private const string EmptyThought = "<think>\n\n</think>\n\n";

    private static readonly string[] Marks = ["<|im_start|>", "<|im_end|>", "enable_thinking", "<think>", "</think>"];

    private readonly string _after;

    private ChatTemplate(string name, string before, string after, int dropped = 0)
        => (Name, Before, _after, Dropped) = (name, before, after, dropped);

    /// <summary>With <c>enable_thinking</c> true, which adds nothing.</summary>
    public static ChatTemplate Thinking { get; } = new(OfFolder, Opening, After);

    /// <summary>With <c>enable_thinking</c> false, which adds an empty thought.</summary>
    public static ChatTemplate NotThinking { get; } = new(OfFolder, Opening, After + EmptyThought);

    /// <summary>The text in Qwen-Image's pipeline (<c>prompt_template_encode</c>), and how many tokens are left of it.</summary>
    public static ChatTemplate QwenImage { get; } = new(
        "the pipeline's own template",
        "<|im_start|>system\nDescribe the image by detailing the color, shape, size, texture, quantity, text, spatial relationships of the "
            + "objects and background:<|im_end|>\n" + Opening,
        After,
        dropped: 34);

    /// <summary>What it is called, <c>in ...</c>.</summary>
    public string Name { get; }

    /// <summary>What stands before the message.</summary>
    public string Before { get; }

    /// <summary>
    /// How many of the first tokens, whatever they are, the pipeline drops once they have been encoded
    /// (<c>prompt_template_encode_start_idx</c>): as many as <see cref="Before"/> has, so that what comes after has seen them.
    /// </summary>
    public int Dropped { get; }

    /// <summary>The message as it is, between what belongs to the template.</summary>
    public string Render(string message) => Before + message + _after;

    /// <exception cref="BadInputException">It is the folder's, and the folder has none, or one that is not Qwen3's.</exception>
    public void RequireIn(string folder)
    {
        if (Name != OfFolder)
        {
            return;
        }

        (string path, string template) = Find(folder)
            ?? throw new BadInputException(
                $"{folder}: has no chat template, neither {TokenizerFolder.ChatTemplate} nor \"chat_template\" in "
                + $"{TokenizerFolder.Config}; "
                + "prompts are rendered by Qwen3's");
        if (Array.Find(Marks, mark => !template.Contains(mark, StringComparison.Ordinal)) is { } missing)
        {
            throw new BadInputException($"{path}: its chat template has no {missing}, so it is not Qwen3's; no other is supported");
        }
    }

    /// <summary>A file of its own goes before the config's.</summary>
    private static (string Path, string Template)? Find(string folder)
    {
        string own = Path.Combine(folder, TokenizerFolder.ChatTemplate), config = Path.Combine(folder, TokenizerFolder.Config);
        if (File.Exists(own))
        {
            return (own, InputFile.ReadText(own));
        }

        return File.Exists(config)
            && ConfigFile.ReadObject(config).TryGetProperty("chat_template", out JsonElement template)
            && TextOf(template) is { } text ? (config, text) : null;
    }

    /// <summary>One template, or several by name, of which <c>default</c> is taken.</summary>
    private static string? TextOf(JsonElement template) => template.ValueKind switch
    {
        JsonValueKind.String => template.GetString(),
        JsonValueKind.Array => template.EnumerateArray()
            .Where(named => named.ValueKind == JsonValueKind.Object
                && named.TryGetProperty("name", out JsonElement name) && name.ToString() == "default")
            .Select(named => named.TryGetProperty("template", out JsonElement text) ? TextOf(text) : null)
            .FirstOrDefault(),
        _ => null,
    };
}
