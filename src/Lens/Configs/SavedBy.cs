using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DiffusionLens.Configs;

/// <summary>Which version of diffusers saved a config, as <c>_diffusers_version</c> says; unknown where it says nothing.</summary>
/// <param name="Major">The first number.</param>
/// <param name="Minor">The second.</param>
internal sealed partial record SavedBy(int? Major, int? Minor)
{
    /// <summary>Reads a config.</summary>
    /// <param name="config">Its root.</param>
    internal static SavedBy Read(JsonElement config)
    {
        string text = config.TryGetProperty("_diffusers_version", out JsonElement version) ? version.ToString() : "";
        Match match = Release().Match(text);
        return match.Success ? new SavedBy(Number("major") ?? 0, Number("minor") ?? 0) : new SavedBy(null, null);

        int? Number(string group)
            => int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    /// <summary>Whether it is known to be older; development versions count as the release that they lead to.</summary>
    internal bool IsBefore(int major, int minor) => Major < major || (Major == major && Minor < minor);

    [GeneratedRegex(@"^v?(?<major>[0-9]+)(\.(?<minor>[0-9]+))?", RegexOptions.CultureInvariant)]
    private static partial Regex Release();
}
