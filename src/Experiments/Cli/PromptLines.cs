using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionLens;

namespace Experiments.Cli;

/// <summary>Prompts as they are piped in, one a line.</summary>
internal static partial class PromptLines
{
    /// <summary>Reads prompts as they come. An empty line is the empty prompt.</summary>
    /// <param name="input">The lines.</param>
    /// <param name="json">
    /// Whether each line is a JSON string, by which a prompt can hold any character. An escaped surrogate without its partner,
    /// which no text has, is read as U+FFFD.
    /// </param>
    /// <exception cref="BadInputException">The input cannot be read, or a line is no JSON string (thrown when that line is
    /// reached).</exception>
    public static IEnumerable<string> Read(TextReader input, bool json)
    {
        for (int number = 1; NextLine(input) is string line; number++)
        {
            yield return json ? Parse(line, number) : line;
        }
    }

    private static string? NextLine(TextReader input)
    {
        try
        {
            return input.ReadLine();
        }
        catch (DecoderFallbackException failure)
        {
            throw new BadInputException("stdin: is not UTF-8 text; save the prompts as UTF-8", failure);
        }
        catch (IOException failure)
        {
            throw new BadInputException($"stdin: cannot be read ({failure.Message}); give prompts, one a line", failure);
        }
    }

    private static string Parse(string line, int number)
    {
        try
        {
            string mended = Escape().Replace(line, escape => escape.Groups["lone"].Success ? @"\uFFFD" : escape.Value);
            return JsonSerializer.Deserialize<string>(mended) ?? throw new JsonException();
        }
        catch (JsonException failure)
        {
            throw new BadInputException(
                $"stdin:{number}: is not a JSON string; with --json each line is one, such as \"a red car\"",
                failure);
        }
    }

    [GeneratedRegex(@"\\u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.")]
    private static partial Regex Escape();
}
