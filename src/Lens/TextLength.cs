using System.Globalization;

namespace DiffusionLens;

/// <summary>
/// How many tokens are read of a text, on both sides of the guidance: what a pipeline calls <c>max_sequence_length</c>. Two lengths with
/// the same value are equal.
/// </summary>
public sealed record TextLength
{
    private TextLength(int? tokens) => Tokens = tokens;

    /// <summary>
    /// Just long enough for the prompt, which then has no padding; at least what the family takes (SANA: 2, of an empty prompt too), and at
    /// most as long as the model was loaded for.
    /// </summary>
    public static TextLength Fit { get; } = new(tokens: null);

    /// <summary>The number of tokens; null: as many as the prompt has.</summary>
    public int? Tokens { get; }

    internal string Key => Tokens is { } tokens ? string.Create(CultureInfo.InvariantCulture, $"length-{tokens}") : "length-fit";

    /// <summary>So many tokens; longer prompts are cut, shorter ones padded.</summary>
    /// <param name="tokens">1 or more.</param>
    public static TextLength Of(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        return new TextLength(tokens);
    }
}
