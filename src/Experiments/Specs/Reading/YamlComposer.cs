using System.Text;
using DiffusionLens;
using MiniWorld;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Experiments.Specs.Reading;

/// <summary>Makes nodes of the events of YAML.</summary>
internal sealed class YamlComposer
{
    private readonly string _path;
    private readonly BoundedYaml _parser;

    private YamlComposer(string path, string text) => (_path, _parser) = (path, new BoundedYaml(path, text, "spec"));

    /// <summary>Reads the one document of a text.</summary>
    /// <exception cref="BadInputException">It is not YAML, or more than a spec needs of it.</exception>
    public static Node Compose(string path, string text) => new YamlComposer(path, text).Document();

    private Node Document()
    {
        _parser.MoveNext();
        Take();
        if (Take() is StreamEnd)
        {
            throw new SourceLocation(_path, 1, 1).Error("the file is empty; a spec begins with version: 1");
        }
        Node root = Value();
        Take();
        return Take() is DocumentStart second
            ? throw LocationOf(_path, second.Start).Error("a second document begins; a spec is one document, without ---")
            : root;
    }

    private Node Value()
    {
        ParsingEvent first = Take();
        SourceLocation location = LocationOf(_path, first.Start);
        switch (first)
        {
            case Scalar scalar when scalar.Value.EnumerateRunes().Any(IsNoText):
                throw location.Error("a control character or half a letter, which no text has; leave it out");
            case Scalar scalar:
                return new TextNode(scalar.Value, location, scalar.Style == ScalarStyle.Plain ? 0 : 1);
            case SequenceStart:
                return new ListNode(Items(), location);
            default:
                return new MapNode(Entries(), location);
        }
    }

    private List<Node> Items()
    {
        List<Node> items = [];
        while (_parser.Current is not SequenceEnd)
        {
            items.Add(Value());
        }
        Take();
        return items;
    }

    private List<(TextNode Name, Node Value)> Entries()
    {
        List<(TextNode Name, Node Value)> entries = [];
        while (_parser.Current is not MappingEnd)
        {
            TextNode name = Value().Text("a key");
            if (entries.Find(entry => entry.Name.Value == name.Value).Name is { } first)
            {
                throw name.Location.Error($"the key {name.Value.Quoted()} stands in line {first.Location.Line} already; keep one");
            }
            entries.Add((name, Value()));
        }
        Take();
        return entries;
    }

    private ParsingEvent Take()
    {
        ParsingEvent current = _parser.Current!;
        _parser.MoveNext();
        return current;
    }

    // What EnumerateRunes cannot take for a letter, it gives as U+FFFD.
    private static bool IsNoText(Rune rune) => rune == Rune.ReplacementChar || rune.Value is 0xFFFE or 0xFFFF
        || (Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r'));

    private static SourceLocation LocationOf(string path, Mark mark) => new(path, mark.Line, mark.Column);
}
