using System.Text.Json;

namespace DiffusionLens.Configs;

/// <summary>
/// Reads one <c>config.json</c>. A key that the file leaves out takes the class's own default, as in diffusers and transformers:
/// published files are old and leave out most.
/// </summary>
/// <param name="root">The file's root, an object.</param>
/// <param name="source">Its path, for errors.</param>
/// <param name="read">Gets the key of everything that is asked; null: nobody wants to know.</param>
internal sealed class ConfigReader(JsonElement root, string source, ISet<string>? read = null)
{
    /// <summary>The value at <paramref name="key"/>, or null where it is missing or null.</summary>
    private JsonElement? At(string key)
    {
        read?.Add(key);
        return root.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    public bool Has(string key) => At(key) is not null;

    /// <summary>Whether the file says anything of <paramref name="key"/>, be it null, which in some classes is no default.</summary>
    public bool HasKey(string key) => root.TryGetProperty(key, out _);
    /// <summary>Whether the file says null, which is not for every key the same as to say nothing.</summary>
    public bool IsNull(string key) => root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>A whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="defaultValue">What is taken where the file says nothing; not checked.</param>
    /// <param name="least">The smallest that is allowed.</param>
    /// <param name="most">The largest that is allowed.</param>
    /// <exception cref="BadInputException">It is none, or not within these.</exception>
    public int Int(string key, int defaultValue, int least, int most)
        => At(key) is { } value ? IntOf(key, value, least, most) : defaultValue;

    /// <summary>A number of things of which there is one at least.</summary>
    public int Count(string key, int defaultValue, int most = Most.Any) => Int(key, defaultValue, 1, most);

    /// <summary>A number, whole or not.</summary>
    /// <param name="key">The key.</param>
    /// <param name="defaultValue">What is taken where the file says nothing; not checked.</param>
    /// <param name="allowed">What it may be.</param>
    /// <exception cref="BadInputException">It is none, or not within these.</exception>
    public double Number(string key, double defaultValue, NumberRange allowed)
        => At(key) is { } value ? NumberOf(key, value, allowed) : defaultValue;

    /// <summary>The same of a number that may be minus infinity, as Python writes it.</summary>
    public double NumberOrMinusInfinity(string key, double defaultValue, NumberRange allowed) => At(key) switch
    {
        // A bare -Infinity is no JSON number, so the reader of the file has made a string of it.
        { ValueKind: JsonValueKind.String } word when word.GetString() is "-Infinity" or "-inf" => double.NegativeInfinity,
        _ => Number(key, defaultValue, allowed),
    };

    public double[] Numbers(string key, double[] defaultValue, NumberRange allowed) => At(key) switch
    {
        null => defaultValue,
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => NumberOf(key, item, allowed))],
        { } other => throw Wrong(key, other, "a list of numbers"),
    };

    public bool Flag(string key, bool defaultValue) => At(key) switch
    {
        null => defaultValue,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw Wrong(key, other, "true or false"),
    };

    public string Text(string key, string defaultValue) => At(key) switch
    {
        null => defaultValue,
        { ValueKind: JsonValueKind.String } value => value.GetString()!,
        { } other => throw Wrong(key, other, "a string"),
    };

    /// <summary>
    /// A list of whole numbers, each within the bounds; one number stands for <paramref name="count"/> times itself where a count is given.
    /// </summary>
    public int[] Ints(string key, int[] defaultValue, int least, int most, int? count = null)
        => At(key) switch
        {
            null => defaultValue,
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => IntOf(key, item, least, most))],
            { ValueKind: JsonValueKind.Number } one when count is { } times
                => [.. Enumerable.Repeat(IntOf(key, one, least, most), times)],
            { } other => throw Wrong(key, other, "a list of whole numbers"),
        };

    /// <summary>The same of widths at each resolution, of which there is one at least.</summary>
    public int[] Widths(string key, int[] defaultValue)
    {
        int[] widths = Ints(key, defaultValue, 1, Most.Any);
        return widths.Length is >= 1 and <= Most.Levels ? widths
            : throw Error($"{key} has {widths.Length} entries; it must have 1 to {Most.Levels}");
    }

    /// <summary>Refuses a width that groups or heads cannot share.</summary>
    /// <exception cref="BadInputException">It is no multiple.</exception>
    public void RequireMultiple(string key, int width, string divisorKey, int divisor)
    {
        if (width % divisor != 0)
        {
            throw Error($"{key} has {width}, which is no multiple of {divisorKey}, {divisor}");
        }
    }

    public string[] Texts(string key, string[] defaultValue) => At(key) switch
    {
        null => defaultValue,
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            => [.. list.EnumerateArray().Select(item => item.GetString()!)],
        { } other => throw Wrong(key, other, "a list of strings"),
    };

    /// <summary>One of the words <paramref name="supported"/>, in their letter case.</summary>
    public string OneOf(string key, string defaultValue, params string[] supported)
    {
        Only(key, supported);
        return Text(key, defaultValue);
    }

    /// <summary>Refuses a config whose <paramref name="key"/> asks for something that no supported checkpoint uses.</summary>
    /// <exception cref="BadInputException">The value is none of <paramref name="supported"/> (a missing or null one is fine).</exception>
    public void Only(string key, params string[] supported)
    {
        if (At(key) is { } value && !supported.Contains(Word(value)))
        {
            string right = supported.Length == 0 ? "leave it out" : "supported: " + string.Join(", ", supported);
            throw new BadInputException($"{source}: {key} is {Shown(value)}, which is not supported; {right}");
        }
    }

    /// <summary>
    /// Refuses a config that says something of a key that nothing here knows (what its writer says of itself begins with _).
    /// </summary>
    /// <exception cref="BadInputException">It has such a key.</exception>
    public void RefuseOthersThan(params string[] known)
    {
        if (root.EnumerateObject().Where(IsUnknown).Select(property => property.Name).FirstOrDefault() is { } name)
        {
            throw Error($"has '{name}', which is not supported; supported: {string.Join(", ", known)}");
        }

        bool IsUnknown(JsonProperty property)
            => !property.Name.StartsWith('_') && property.Value.ValueKind != JsonValueKind.Null && !known.Contains(property.Name);
    }

    /// <summary>An error about this file.</summary>
    public BadInputException Error(string what) => new($"{source}: {what}");

    private int IntOf(string key, JsonElement value, int least, int most)
    {
        string right = $"a whole number, {least} to {most}";
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most
            ? number
            : throw Wrong(key, value, right);
    }

    private double NumberOf(string key, JsonElement value, NumberRange allowed)
        => value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && allowed.Contains(number)
            ? number
            : throw Wrong(key, value, $"a number {allowed}");

    /// <summary>A word, or the value as the file has it: JSON's true, which ToString would write as True.</summary>
    private static string Word(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    /// <summary>A value in one line, whatever white space the file has in it, and no longer than a message can be.</summary>
    private static string Shown(JsonElement value)
    {
        const int Longest = 80;
        string text = JsonSerializer.Serialize(value);
        return text.Length <= Longest ? text : text[..Longest] + "…";
    }

    private BadInputException Wrong(string key, JsonElement value, string right)
        => Error($"{key} is {Shown(value)}; it must be {right}");
}
