using System.Security.Cryptography;
using System.Text;

namespace DiffusionLens.Families;

/// <summary>
/// A text that a family's pipeline puts before prompts, not before negative ones, and that is in no file of the model: whoever wants it
/// gives it.
/// </summary>
/// <param name="Sha256">Of the pipeline's own, in UTF-8, in hexadecimal digits.</param>
/// <param name="Parameter">What diffusers calls it.</param>
public sealed record PipelineInstruction(string Sha256, string Parameter)
{
    /// <summary>Whether a text is the pipeline's own.</summary>
    public bool IsOwn(string text) => HashOf(text) == Sha256;

    /// <summary>What a text is, in words.</summary>
    /// <param name="text">The text; null: there is none.</param>
    public string NameOf(string? text)
        => text is null ? "no instruction: prompts in the plain form"
            : IsOwn(text) ? "the pipeline's own instruction"
            : "another instruction";

    /// <summary>A text's SHA-256 in hexadecimal digits.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// The instruction that a file holds: its text, without the line end that editors put at the end of a file; lines end with a line feed.
    /// </summary>
    /// <param name="path">A file of UTF-8.</param>
    /// <exception cref="BadInputException">It cannot be read, is no text, or is empty.</exception>
    public static string Read(string path)
    {
        string text = Configs.InputFile.ReadText(path).Replace("\r\n", "\n", StringComparison.Ordinal);
        text = text.EndsWith('\n') ? text[..^1] : text;
        return text.Trim().Length > 0
            ? text
            : throw new BadInputException(
                $"{path}: is empty; an instruction is a text that goes before prompts (without one, leave it out)");
    }
}
