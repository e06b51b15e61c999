namespace Experiments.Specs.Reading;

/// <summary>A block whose keys are known: any other key is refused.</summary>
internal sealed class Fields
{
    private readonly string _what;
    private readonly SourceLocation _location;
    private readonly Dictionary<string, Node> _values;

    /// <summary>Takes a node as such a block.</summary>
    /// <param name="what">What the block describes: <c>the question 'has object'</c>.</param>
    /// <param name="keys">All keys it may have.</param>
    public Fields(Node node, string what, params string[] keys)
    {
        _what = what;
        _location = node.Location;
        IReadOnlyList<(TextNode Name, Node Value)> entries = node.Block($"{what}, with the keys {string.Join(", ", keys)}");
        foreach ((TextNode name, _) in entries)
        {
            name.OneOf($"key of {what}", keys);
        }
        _values = entries.ToDictionary(entry => entry.Name.Value, entry => entry.Value);
    }

    /// <summary>The value of a key that must be there.</summary>
    /// <param name="example">A value that would be right.</param>
    public Node Required(string key, string example) =>
        Optional(key) ?? throw _location.Error($"{_what} lacks the key '{key}'; add for example {key}: {example}");

    /// <summary>The value of a key, or null.</summary>
    public Node? Optional(string key) => _values.GetValueOrDefault(key);

    /// <summary>What a word under a key stands for, the default where the key is absent; a blank may stand for a hyphen.</summary>
    /// <param name="kind">What the word names: <c>norm of a site</c>.</param>
    /// <param name="words">The words there are.</param>
    public T Word<T>(string key, string kind, IReadOnlyDictionary<string, T> words)
        where T : struct
    {
        Node? value = Optional(key);
        return value is null ? default
            : value is TextNode { Value: var text } && words.TryGetValue(text.Replace(' ', '-'), out T meant) ? meant
            : words[value.OneOf(kind, [.. words.Keys])];
    }

    /// <summary>The one key of some that is there; all others are absent.</summary>
    public (string Key, Node Value) OneOf(params string[] keys)
    {
        string[] present = [.. keys.Where(_values.ContainsKey)];
        return present.Length == 1
            ? (present[0], _values[present[0]])
            : throw _location.Error(
                $"{_what} has {(present.Length == 0 ? "none" : "more than one")} of {string.Join(", ", keys)}; give one");
    }
}
