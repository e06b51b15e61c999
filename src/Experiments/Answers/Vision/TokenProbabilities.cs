using System.Text;
using System.Text.Json;

namespace Experiments.Answers.Vision;

/// <summary>
/// Reads how likely yes and no were from <c>choices[0].logprobs.content</c>: over the alternatives of the first token of the answer that is
/// not blank, the sum of exp(logprob) of all that are the word but for blanks and case.
/// </summary>
internal static class TokenProbabilities
{
    private const string EndOfThinking = "</think>";

    // What tokenizers put for a blank or a line end at the beginning of a word.
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n', '\u2581', '\u0120', '\u010A', '\u00A0'];

    /// <summary>The same reply with the masses of yes and no.</summary>
    /// <param name="reply">What was said.</param>
    /// <param name="logprobs">What stands under <c>logprobs</c> of the choice.</param>
    /// <param name="hasThought">Whether tokens of thinking come before those of the answer.</param>
    public static ChatReply Read(ChatReply reply, JsonElement logprobs, bool hasThought)
    {
        if (logprobs.FirstOf("content") is null || !logprobs.TryGet("content", out JsonElement content))
        {
            return reply;
        }

        Token[] tokens = [.. content.EnumerateArray().Select(entry => new Token(TextOf(entry), entry))];
        reply = reply with { HasProbabilities = true };
        int start = hasThought || tokens.Any(token => token.Text.Contains(EndOfThinking, StringComparison.Ordinal))
            ? AfterThinking(tokens, reply.Text)
            : 0;
        int position = Array.FindIndex(tokens, start, token => Word(token.Text).Length > 0);
        if (position < 0 || reply.Text is null)
        {
            return reply;
        }

        Token said = tokens[position];
        return said.Entry.TryGet("top_logprobs", out JsonElement top) && top.ValueKind == JsonValueKind.Array && top.GetArrayLength() > 0
            ? reply with { Position = position, YesMass = Mass(top, "yes"), NoMass = Mass(top, "no") }
            : reply with { Position = position, YesMass = OwnMass(said, "yes"), NoMass = OwnMass(said, "no") };
    }

    private static double Mass(JsonElement alternatives, string word) =>
        alternatives.EnumerateArray().Where(entry => Word(TextOf(entry)) == word).Sum(Probability);

    // Without alternatives nothing is known but how likely the word was that was said.
    private static double? OwnMass(Token said, string word) => Word(said.Text) == word ? Probability(said.Entry) : null;

    private static double Probability(JsonElement entry) =>
        entry.TryGet("logprob", out JsonElement logprob) && logprob.ValueKind == JsonValueKind.Number ? Math.Exp(logprob.GetDouble()) : 0;

    private static string Word(string token) => token.Trim(Blanks).ToLowerInvariant();

    // The answer stands at the end of what was generated; failing that, after the mark that ends thinking.
    private static int AfterThinking(Token[] tokens, string? answer)
    {
        int at = answer is null ? -1
            : string.Concat(tokens.Select(token => token.Text)).LastIndexOf(answer, StringComparison.Ordinal);
        if (at < 0)
        {
            return Array.FindLastIndex(tokens, token => token.Text.Contains(EndOfThinking, StringComparison.Ordinal)) + 1;
        }

        int place = 0, end = tokens[0].Text.Length;
        while (end <= at)
        {
            end += tokens[++place].Text.Length;
        }

        return place;
    }

    private static string TextOf(JsonElement entry) =>
        entry.TryGet("token", out JsonElement token) && token.StringOf() is { } text ? text
        : entry.TryGet("bytes", out JsonElement bytes) && bytes.ValueKind == JsonValueKind.Array
            ? Encoding.UTF8.GetString([.. bytes.EnumerateArray().Select(one => one.TryGetByte(out byte value) ? value : (byte)0)])
        : "";

    private sealed record Token(string Text, JsonElement Entry);
}
