using System.Globalization;

namespace DiffusionLens;

/// <summary>
/// Which positions of a prompt show the lens's state. The end token is none of prompt, padding and template: in CLIP it sums up the
/// prompt, and padding stands for it.
/// </summary>
public sealed record SiteTokens
{
    private SiteTokens(string kind, string? text = null, int? position = null) => (Kind, Text, Position) = (kind, text, position);

    /// <summary>Every position, padding included.</summary>
    public static SiteTokens All { get; } = new("all");

    /// <summary>What was written.</summary>
    public static SiteTokens Prompt { get; } = new("prompt");

    /// <summary>The padding after the end token.</summary>
    public static SiteTokens Padding { get; } = new("padding");

    /// <summary>What a chat template puts around the prompt.</summary>
    public static SiteTokens Template { get; } = new("template");

    /// <summary>The word's text; null: these are not the tokens of a word.</summary>
    public string? Text { get; }

    /// <summary>The one position, from 0; null: it is not one.</summary>
    public int? Position { get; }

    private string Kind { get; }

    internal string Key => Text is not null ? $"{Kind}-{SiteSlug.Of(Text)}"
        : Position is { } position ? string.Create(CultureInfo.InvariantCulture, $"{Kind}-{position}")
        : Kind;

    /// <summary>The tokens of a word of the prompt, or of several words in a row (<c>sea turtle</c>), wherever they stand.</summary>
    /// <param name="text">The word or words, as they are written in the prompt.</param>
    public static SiteTokens Word(string text) => new("word", text: text);

    /// <summary>One position.</summary>
    /// <param name="position">From 0, the start token included.</param>
    public static SiteTokens Token(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return new SiteTokens("token", position: position);
    }
}
