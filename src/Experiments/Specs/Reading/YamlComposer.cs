using System.Text;
using DiffusionLens;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Experiments.Specs.Reading;

/// <summary>Makes nodes of the events of a YAML parser, without what could blow up or hide something.</summary>
internal sealed class YamlComposer
{
    private const int DeepestNesting = 12;

    private readonly string _path;
    private readonly Parser _parser;

    private YamlComposer(string path, string text)
    {
        _path = path;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>Reads the one document of a text.</summary>
    /// <exception cref="BadInputException">It is not YAML, or more than a spec needs of it.</exception>
    public static Node Compose(string path, string text)
    {
        try
        {
            return new YamlComposer(path, text).Document();
        }
        catch (YamlException error)
        {
            throw NotYaml(path, error.Start, error.Message.TrimEnd('.'));
        }
    }

    private Node Document()
    {
        _parser.MoveNext();
        Take();
        if (Take() is StreamEnd)
        {
            throw new SourceLocation(_path, 1, 1).Error("the file is empty; a spec begins with version: 1");
        }
        Node root = Value(depth: 0);
        Take();
        return Take() is DocumentStart second
            ? throw LocationOf(_path, second.Start).Error("a second document begins; a spec is one document, without ---")
            : root;
    }

    private Node Value(int depth)
    {
        ParsingEvent first = Take();
        SourceLocation location = LocationOf(_path, first.Start);
        switch (first)
        {
            case AnchorAlias or NodeEvent { Anchor.IsEmpty: false }:
                throw location.Error("an anchor or alias (& or *); a spec has none: write the value out, in quotes if it begins so");
            case NodeEvent { Tag.IsEmpty: false }:
                throw location.Error("a tag (!); a spec has none: leave it out, or put the value in quotes if it begins so");
            case not null when depth > DeepestNesting:
                throw location.Error($"nested deeper than {DeepestNesting}; no spec needs that");
            case Scalar scalar when scalar.Value.EnumerateRunes().Any(IsNoText):
                throw location.Error("a control character or half a letter, which no text has; leave it out");
            case Scalar scalar:
                return new TextNode(scalar.Value, location, scalar.Style == ScalarStyle.Plain ? 0 : 1);
            case SequenceStart:
                return new ListNode(Items(depth), location);
            default:
                return new MapNode(Entries(depth), location);
        }
    }

    private List<Node> Items(int depth)
    {
        List<Node> items = [];
        while (_parser.Current is not SequenceEnd)
        {
            items.Add(Value(depth + 1));
        }
        Take();
        return items;
    }

    private List<(TextNode Name, Node Value)> Entries(int depth)
    {
        List<(TextNode Name, Node Value)> entries = [];
        while (_parser.Current is not MappingEnd)
        {
            TextNode name = Value(depth + 1).Text("a key");
            if (entries.Find(entry => entry.Name.Value == name.Value).Name is { } first)
            {
                throw name.Location.Error($"the key {name.Value.Quoted()} stands in line {first.Location.Line} already; keep one");
            }
            entries.Add((name, Value(depth + 1)));
        }
        Take();
        return entries;
    }

    private ParsingEvent Take()
    {
        ParsingEvent current = _parser.Current!;
        try
        {
            _parser.MoveNext();
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet's scanner fails so on some plain text within brackets.
            throw NotYaml(_path, current.End, "what follows here cannot be read");
        }
        return current;
    }

    private static BadInputException NotYaml(string path, Mark mark, string reason) =>
        LocationOf(path, mark).Error($"not YAML: {reason}; mind quotes, brackets and indentation");

    // What EnumerateRunes cannot take for a letter, it gives as U+FFFD.
    private static bool IsNoText(Rune rune) => rune == Rune.ReplacementChar || rune.Value is 0xFFFE or 0xFFFF
        || (Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r'));

    private static SourceLocation LocationOf(string path, Mark mark) => new(path, mark.Line, mark.Column);
}
