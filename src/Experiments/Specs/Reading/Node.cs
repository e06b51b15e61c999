using System.Globalization;
using DiffusionLens;

namespace Experiments.Specs.Reading;

/// <summary>A value of a spec file, and where it stands. What it should be is told to it by the reader, which it then holds to.</summary>
internal abstract record Node(SourceLocation Location)
{
    /// <summary>What this is, for a message that it should be something else.</summary>
    protected abstract string Kind { get; }

    /// <summary>This as text that is not empty.</summary>
    /// <param name="wanted">What would be right: <c>a title such as Objects and their colors</c>.</param>
    public TextNode Text(string wanted) => this is TextNode { Value.Length: > 0 } text ? text : throw Wrong(wanted);

    /// <summary>This as a whole number.</summary>
    public int WholeNumber(string wanted, int least, int most) =>
        int.TryParse(Text(wanted).Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
        && number >= least && number <= most
            ? number
            : throw Wrong($"{wanted}, {least} to {most}");

    /// <summary>This as a seed, 0 to 2^64-1.</summary>
    public ulong Seed(string wanted) =>
        ulong.TryParse(Text(wanted).Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw Wrong($"{wanted}, 0 to {ulong.MaxValue}");

    /// <summary>This as a number.</summary>
    public double Number(string wanted, double least, double most) =>
        double.TryParse(Text(wanted).Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && number >= least && number <= most
            ? number
            : throw Wrong(FormattableString.Invariant($"{wanted}, {least} to {most}"));

    /// <summary>This as one of some names.</summary>
    /// <param name="kind">What they name.</param>
    /// <param name="known">The names.</param>
    public string OneOf(string kind, IReadOnlyCollection<string> known)
    {
        TextNode text = Text($"a {kind}");
        return known.Contains(text.Value) ? text.Value : throw Location.Unknown(text.Value, kind, known);
    }

    /// <summary>This as a list of at least one, nothing in it twice; a single value is a list of one.</summary>
    /// <param name="wanted">What one of them would be.</param>
    public IReadOnlyList<(T Value, SourceLocation Location)> EachOnce<T>(string wanted, Func<Node, T> read)
        where T : notnull
    {
        IReadOnlyList<Node> items = this switch
        {
            ListNode { Items.Count: > 0 } list => list.Items,
            TextNode { Value.Length: > 0 } => [this],
            _ => throw Wrong($"{wanted}, or a list of them"),
        };
        Dictionary<T, SourceLocation> values = [];
        foreach (Node item in items)
        {
            if (!values.TryAdd(read(item), item.Location))
            {
                throw item.Location.Error($"{item.Kind} is listed twice; keep one");
            }
        }
        return [.. values.Select(entry => (entry.Key, entry.Value))];
    }

    /// <summary>This as names, each once, of some that are known; a single name is a list of one.</summary>
    public IReadOnlyList<string> Names(string kind, IReadOnlyCollection<string> known) =>
        [.. EachOnce($"a {kind}", item => item.OneOf(kind, known)).Select(name => name.Value)];

    /// <summary>This as a block of named entries, at least one.</summary>
    public IReadOnlyList<(TextNode Name, Node Value)> Block(string wanted) =>
        this is MapNode { Entries.Count: > 0 } map ? map.Entries : throw Wrong(wanted);

    /// <summary>The error that this is not what it should be.</summary>
    public BadInputException Wrong(string wanted) => Location.Error($"{Kind} stands here; it should be {wanted}");
}

/// <summary>A scalar.</summary>
/// <param name="Value">Its text, without quotes.</param>
/// <param name="Location">Where it begins, quote included.</param>
/// <param name="Indent">How many columns after that its first character stands.</param>
internal sealed record TextNode(string Value, SourceLocation Location, int Indent = 0) : Node(Location)
{
    protected override string Kind => Value.Length > 0 ? Value.Quoted() : "nothing";

    /// <summary>The place of one of its characters (right for text on one line and without escapes, as templates are).</summary>
    public SourceLocation At(int index) => Location with { Column = Location.Column + Indent + index };
}

/// <summary>A sequence.</summary>
internal sealed record ListNode(IReadOnlyList<Node> Items, SourceLocation Location) : Node(Location)
{
    protected override string Kind => Items.Count > 0 ? "a list" : "an empty list";
}

/// <summary>A mapping; no key comes twice.</summary>
internal sealed record MapNode(IReadOnlyList<(TextNode Name, Node Value)> Entries, SourceLocation Location) : Node(Location)
{
    protected override string Kind => Entries.Count > 0 ? "a block of entries" : "an empty block";
}
