using System.Text.RegularExpressions;

namespace MiniWorld;

/// <summary>A color as it is painted, 0..255 a channel, sRGB.</summary>
public readonly record struct Rgb(byte Red, byte Green, byte Blue);

/// <summary>One word of a lexicon with what is known of it. A plain list of words says nothing but the word.</summary>
/// <param name="Text">The word or words, as a prompt has them, without an article.</param>
/// <param name="Group">The group it is listed in.</param>
public sealed partial record LexiconWord(string Text, string Group)
{
    /// <summary>The attributes that prompts and questions can name: <c>{class of animal}</c>.</summary>
    public static IReadOnlyList<string> Attributes { get; } = ["class", "gender", "trade"];

    /// <summary>How often the word is met, against the others of its group and of unions with other groups; above 0.</summary>
    public double Frequency { get; init; } = 1;

    /// <summary>The article before it: <c>a</c> or <c>an</c> by its sound unless the lexicon says otherwise; empty for none.</summary>
    public string Article { get; init; } = ArticleOf(Text);

    /// <summary>How a color is painted; null for a word that is no color.</summary>
    public Rgb? Rgb { get; init; }

    /// <summary>How often the thing has a color, against 1 for each color that is not here.</summary>
    public IReadOnlyDictionary<string, double> Usual { get; init; } = new Dictionary<string, double>();

    /// <summary>The class of an animal (<c>mammal</c>, <c>bird</c>, ...), else null.</summary>
    public string? Class { get; init; }

    /// <summary>The gender of a person, else null.</summary>
    public string? Gender { get; init; }

    /// <summary>The trade of a person, else null.</summary>
    public string? Trade { get; init; }

    /// <summary>The short name of its picture in emoji-datasource; null where the renderer draws it itself.</summary>
    public string? Picture { get; init; }

    /// <summary>The skin tone of a person's picture (<c>1F3FB</c>..<c>1F3FF</c>), else null.</summary>
    public string? Tone { get; init; }

    /// <summary>Where a container's front rim or a surface's top is, 0..1 of its height from above; null for what holds nothing.</summary>
    public double? Level { get; init; }

    /// <summary>An attribute by its name, one of <see cref="Attributes"/>; null where the lexicon does not give it.</summary>
    public string? Attribute(string name) => name switch
    {
        "class" => Class,
        "gender" => Gender,
        "trade" => Trade,
        _ => throw new ArgumentException($"'{name}' is none of {string.Join(", ", Attributes)}", nameof(name)),
    };

    /// <summary>
    /// <c>an</c> before the sound of a vowel, else <c>a</c>: an umbrella, a unicorn, an hour, a house. Goes by how the word begins, so
    /// a rare word may need its article in the lexicon.
    /// </summary>
    public static string ArticleOf(string text) => VowelSound().IsMatch(text) ? "an" : "a";

    // A vowel's letter, unless it is said as in use, Europe or one; or a silent h.
    [GeneratedRegex(
        @"^((?!eu|ewe|u(ni[^nm]|s[aeu]|k[eru]|t[eio]|b[io]|r[aei]n|fo)|on(e|ce)\b)[aeiou]|h(our|eir|onest|ono))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex VowelSound();
}
