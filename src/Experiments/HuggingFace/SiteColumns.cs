using System.Text.RegularExpressions;

namespace Experiments.HuggingFace;

/// <summary>A site's key taken apart, so that a reader can filter by a part of it: a column a part, with what holds where the key says
/// nothing.</summary>
internal static partial class SiteColumns
{
    // In the order of the key.
    private static readonly (string Name, string Native)[] Parts =
    [
        ("encoder", "all"),
        ("others", "native"),
        ("point", "block"),
        ("tokens", "all"),
        ("rest", ""),
        ("source", ""),
        ("norm", "native"),
        ("mixture", "none"),
        ("pooled", "native"),
        ("skip", ""),
    ];

    /// <summary>What a key says, part by part, and last what was done to the prompt's text.</summary>
    /// <param name="key">A <see cref="DiffusionLens.LensSite.Key"/> with that of the handling of the text; empty: the paper's lens.</param>
    public static IReadOnlyList<(string Name, string Value)> Of(string key)
    {
        string[] said = key.Split('_', StringSplitOptions.RemoveEmptyEntries);
        HashSet<string> left = [.. said.Where(part => !LayerPart().IsMatch(part))];
        List<(string Name, string Value)> columns = [];
        foreach ((string name, string native) in Parts)
        {
            string? part = left.FirstOrDefault(part => part.StartsWith($"{name}-", StringComparison.Ordinal));
            columns.Add((name, part?[(name.Length + 1)..] ?? native));
            left.Remove(part ?? "");
        }

        return [.. columns, ("text_handling", string.Join('_', said.Where(left.Contains)))];
    }

    [GeneratedRegex(@"\Alayer-[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex LayerPart();
}
