using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionLens.Schedulers;

/// <summary>
/// Keys of a scheduler config that are set beside the model's own file, as <c>use_karras_sigmas</c>; also <c>eta</c> and
/// <c>use_clipped_model_output</c> (DDIM, TCD) and <c>order</c> (LMS), which are no keys of files. Equal where they say the same.
/// </summary>
public sealed class SchedulerOptions : IEquatable<SchedulerOptions>
{
    /// <summary>The file stays as it is.</summary>
    public static readonly SchedulerOptions None = new([]);

    private readonly SortedDictionary<string, JsonNode?> _values;

    private SchedulerOptions(SortedDictionary<string, JsonNode?> values) => _values = values;

    /// <summary>The keys that are set, sorted.</summary>
    public IReadOnlyCollection<string> Keys => _values.Keys;

    internal IEnumerable<KeyValuePair<string, JsonNode?>> Values => _values;

    /// <summary>
    /// Reads <c>key=value</c>; a value is JSON (<c>true</c>, <c>0.5</c>, <c>[0,2]</c>, <c>null</c> for the class's default) or a word.
    /// </summary>
    /// <param name="settings">In any order.</param>
    /// <exception cref="BadInputException">One has no key or no value, or a key comes twice.</exception>
    public static SchedulerOptions Parse(IEnumerable<string> settings)
    {
        SortedDictionary<string, JsonNode?> values = new(StringComparer.Ordinal);
        foreach (string setting in settings)
        {
            string[] pair = setting.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair is not [{ Length: > 0 } key, { Length: > 0 } value] || pair[0].Any(char.IsWhiteSpace))
            {
                throw new BadInputException($"scheduler config '{setting}' is not of the form key=value, as use_karras_sigmas=true");
            }

            if (!values.TryAdd(key, ValueOf(value)))
            {
                throw new BadInputException($"scheduler config sets {key} twice");
            }
        }

        return values.Count == 0 ? None : new SchedulerOptions(values);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; null is <see cref="None"/>.</summary>
    /// <exception cref="BadInputException">It is not of that form.</exception>
    public static SchedulerOptions Of(string? text) => Parse(text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []);

    /// <summary>These and, where they say nothing, <paramref name="others"/>.</summary>
    public SchedulerOptions Over(SchedulerOptions others)
    {
        SortedDictionary<string, JsonNode?> values = new(others._values, StringComparer.Ordinal);
        foreach ((string key, JsonNode? value) in _values)
        {
            values[key] = value;
        }

        return new SchedulerOptions(values);
    }

    /// <inheritdoc/>
    public bool Equals(SchedulerOptions? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SchedulerOptions);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <summary>The same settings as <see cref="Parse"/> reads them, sorted, with a space between.</summary>
    public override string ToString() => string.Join(' ', _values.Select(pair => $"{pair.Key}={TextOf(pair.Value)}"));

    private static string TextOf(JsonNode? value)
        => value is JsonValue word && word.TryGetValue(out string? text) ? text : value?.ToJsonString() ?? "null";

    private static JsonNode? ValueOf(string text)
    {
        try
        {
            JsonNode? value = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            _ = value?.ToJsonString();
            return value;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or ArgumentException)
        {
            // The last two of half a surrogate pair, escaped.
            return !text.Any(char.IsWhiteSpace)
                ? JsonValue.Create(text)
                : throw new BadInputException(
                    $"scheduler config has the value '{text}'; it must be a word, a number, true, false or a list");
        }
    }
}
