using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DiffusionLens.Tests.Configs;

/// <summary>A JSON text with one value of it changed into what does not belong there.</summary>
internal static class JsonMutations
{
    private static readonly string[] Shapes = ["null", "\"x\"", "\"\\ud800\"", "\"\\u0000\"", "true", "[]", "[1]", "[[1]]", "{}", "NaN"];

    private static readonly string[] Numbers =
    [
        "-1", "0", "1", "2", "3", "5", "7", "64", "65537", "1000000", "1e9", "1000000000", "2147483647", "2147483648", "-2147483648",
        "9223372036854775807", "9223372036854775808", "1e999", "-1e999", "0.5", "1.5", "-0.5", "1e-30", "Infinity", "-Infinity",
    ];

    /// <summary>All changes of a text: what is changed, and the text then.</summary>
    public static IEnumerable<Mutation> Of(string json)
        => Values(json).SelectMany(value => Others(value).Select(
            other => new Mutation($"{value.Name} {other}", json, value.Start, value.End, other)));

    private static IEnumerable<string> Others(Value value) => (value.Kind switch
    {
        JsonTokenType.Number => Numbers.Concat(Shapes).Concat(Near(value.Text)),
        JsonTokenType.StartArray => Shapes.Concat(["1", "1000000000", Without(value.Text), Doubled(value.Text)]),
        JsonTokenType.String => Shapes.Concat(["\"\"", "1", "1e999", "\"../..\"", "\"" + new string('x', 5000) + "\""]),
        _ => Shapes.Concat(["1", "false", "\"\""]),
    }).Append($"{value.Text}, {JsonSerializer.Serialize(value.Name)}: {value.Text}").Where(other => other != value.Text);

    private static IEnumerable<string> Near(string number)
        => long.TryParse(number, CultureInfo.InvariantCulture, out long whole)
            ? [$"{whole - 1}", $"{whole + 1}", $"{2 * whole}", $"{whole / 2}", $"{whole}.0"]
            : [];

    private static string Without(string list) => list.IndexOf(',', StringComparison.Ordinal) is >= 0 and int comma
        ? "[" + list[(comma + 1)..] : "[]";

    private static string Doubled(string list) => list.Trim('[', ']').Trim().Length == 0 ? "[0, 0]" : $"{list[..^1]}, {list[1..]}";

    private static List<Value> Values(string json)
    {
        List<Value> values = [];
        if (!Ascii.IsValid(json))
        {
            throw new ArgumentException("Places are counted in letters and bytes alike.", nameof(json));
        }

        // Python's own words for what is no JSON number, as long as one.
        string read = json.Replace("-Infinity", "-10000000", StringComparison.Ordinal);
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(read));
        string name = "";
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                name = reader.GetString()!;
            }
            else if (reader.CurrentDepth > 0 && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
            {
                Utf8JsonReader end = reader;
                end.Skip();
                int start = (int)reader.TokenStartIndex, after = (int)end.BytesConsumed;
                values.Add(new Value(name, reader.TokenType, start, after, json[start..after]));
            }
        }

        return values;
    }

    private sealed record Value(string Name, JsonTokenType Kind, int Start, int End, string Text);
}

/// <summary>A changed text.</summary>
internal sealed record Mutation(string What, string Whole, int Start, int End, string By)
{
    public string Text => Whole[..Start] + By + Whole[End..];
}
