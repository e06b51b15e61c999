using System.Text.Json;

namespace Fuzz.Mutation;

/// <summary>Where in a text JSON's values, names and name-value pairs are, as far as it can be read.</summary>
internal sealed record JsonSpans(
    IReadOnlyList<(int Start, int End)> Values, IReadOnlyList<(int Start, int End)> Names, IReadOnlyList<(int Start, int End)> Properties)
{
    public static JsonSpans Of(ReadOnlySpan<byte> json)
    {
        List<(int, int)> values = [], names = [], properties = [];
        Stack<(int Start, int Name)> open = [];
        int name = -1;
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 512, CommentHandling = JsonCommentHandling.Skip });
        try
        {
            while (reader.Read())
            {
                int start = (int)reader.TokenStartIndex, end = (int)reader.BytesConsumed;
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = start;
                        names.Add((start, start + reader.ValueSpan.Length + 2));
                        break;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push((start, name));
                        name = -1;
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        (int first, int named) = open.Pop();
                        Add(first, end, named);
                        break;
                    default:
                        Add(start, end, name);
                        name = -1;
                        break;
                }
            }
        }
        catch (JsonException)
        {
            // What could be read is enough to go on with.
        }

        return new JsonSpans(values, names, properties);

        void Add(int start, int end, int named)
        {
            values.Add((start, end));
            if (named >= 0)
            {
                properties.Add((named, end));
            }
        }
    }
}
