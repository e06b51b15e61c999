using System.Globalization;
using DiffusionLens;
using DiffusionLens.Configs;
using MiniWorld.Scenes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MiniWorld;

/// <summary>Reads the YAML of a lexicon; every error names file, line and column and what would be right.</summary>
internal sealed class LexiconReader
{
    private const int MostBytes = 4 << 20;

    /// <summary>So that the sum of all is still a number.</summary>
    private const double MostFrequency = 1e12;

    private static readonly string[] Keys = ["version", "name", "scenes", "unions", "groups"];

    private static readonly string[] Attributes =
        ["frequency", "article", "rgb", "usual", "class", "gender", "trade", "picture", "tone", "level"];

    private readonly string _path;
    private readonly List<YamlScalarNode> _colorsNamed = [];

    private LexiconReader(string path) => _path = path;

    public static Lexicon Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException($"{path}: no such lexicon file");
        }

        return new LexiconReader(path).Read();
    }

    private Lexicon Read()
    {
        YamlStream yaml = [];
        try
        {
            yaml.Load(new BoundedYaml(_path, InputFile.ReadText(_path, MostBytes), "lexicon"));
        }
        catch (YamlException error)
        {
            string reason = (error.InnerException ?? error).Message.ReplaceLineEndings(" ");
            throw new BadInputException($"{_path}:{error.Start.Line}:{error.Start.Column}: not YAML: {reason}", error);
        }
        if (yaml.Documents.Count != 1)
        {
            throw new BadInputException($"{_path}:1:1: expected one YAML document, found {yaml.Documents.Count}");
        }

        Dictionary<string, YamlNode> root = [];
        foreach ((YamlScalarNode key, YamlNode value) in Entries(yaml.Documents[0].RootNode))
        {
            root.Add(OneOf(key, Keys, "key"), value);
        }
        YamlNode Required(string key) => root.GetValueOrDefault(key)
            ?? throw Error(yaml.Documents[0].RootNode, $"'{key}' is missing");

        if (Text(Required("version")) != "1")
        {
            throw Error(root["version"], $"version '{Text(root["version"])}' is unknown; this program reads version 1");
        }
        Dictionary<string, IReadOnlyList<LexiconWord>> groups = [];
        foreach ((YamlScalarNode group, YamlNode words) in Entries(Required("groups")))
        {
            groups.Add(Text(group), Group(Text(group), words));
        }
        foreach ((YamlScalarNode union, YamlNode members) in root.TryGetValue("unions", out YamlNode? unions) ? Entries(unions) : [])
        {
            if (groups.ContainsKey(Text(union)))
            {
                throw Error(union, $"'{Text(union)}' is a group already; a union needs a name of its own");
            }
            LexiconWord[] words = [.. Items(members)
                .SelectMany(member => groups[OneOf(member, groups.Keys, "group")])
                .DistinctBy(word => word.Text)];
            groups.Add(Text(union), words.Length > 0 ? words : throw Error(union, $"union '{Text(union)}' has no groups"));
        }
        foreach (YamlScalarNode color in _colorsNamed)
        {
            OneOf(color, [.. groups.GetValueOrDefault("color", []).Select(word => word.Text)], "color");
        }
        Dictionary<SceneKind, double> scenes = [];
        foreach ((YamlScalarNode kind, YamlNode frequency) in root.TryGetValue("scenes", out YamlNode? kinds) ? Entries(kinds) : [])
        {
            scenes.Add(SceneKinds.Named(OneOf(kind, SceneKinds.Names, "kind of scene")), Number(frequency, 0, MostFrequency));
        }
        if (scenes.Count > 0 && scenes.Values.Sum() == 0)
        {
            throw Error(root["scenes"], "no kind of scene has a frequency above 0");
        }

        return new Lexicon(_path, Text(Required("name")), groups, scenes);
    }

    private List<LexiconWord> Group(string group, YamlNode node)
    {
        List<LexiconWord> words = [];
        if (node is YamlSequenceNode list)
        {
            words.AddRange(Items(list).Select(item => new LexiconWord(Text(item), group)));
        }
        else
        {
            foreach ((YamlScalarNode word, YamlNode attributes) in Entries(node))
            {
                words.Add(Word(new LexiconWord(Text(word), group), attributes));
            }
        }
        if (words.GroupBy(word => word.Text).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw Error(node, $"'{twice.Key}' is listed twice in '{group}'");
        }
        return words.Count > 0 ? words : throw Error(node, $"group '{group}' has no words");
    }

    private LexiconWord Word(LexiconWord word, YamlNode attributes)
    {
        if (attributes is YamlScalarNode { Value: null or "" })
        {
            return word;
        }
        foreach ((YamlScalarNode key, YamlNode node) in Entries(attributes))
        {
            word = OneOf(key, Attributes, "attribute") switch
            {
                "frequency" => word with { Frequency = Number(node, double.Epsilon, MostFrequency) },
                "article" => word with { Article = (node as YamlScalarNode)?.Value ?? "" },
                "rgb" => word with { Rgb = Color(node) },
                "usual" => word with { Usual = Usual(node) },
                "class" => word with { Class = Text(node) },
                "gender" => word with { Gender = Text(node) },
                "trade" => word with { Trade = Text(node) },
                "picture" => word with { Picture = Text(node) },
                "tone" => word with { Tone = Text(node) },
                _ => word with { Level = Number(node, 0, 1) },
            };
        }
        return word;
    }

    private Dictionary<string, double> Usual(YamlNode node)
    {
        List<(YamlScalarNode Color, YamlNode Frequency)> colors = [.. Entries(node)];
        _colorsNamed.AddRange(colors.Select(color => color.Color));
        return colors.ToDictionary(color => Text(color.Color), color => Number(color.Frequency, double.Epsilon, MostFrequency));
    }

    private Rgb Color(YamlNode node)
    {
        byte[] channels = [.. Items(node).Select(item => (byte)Number(item, 0, 255))];
        return channels.Length == 3
            ? new Rgb(channels[0], channels[1], channels[2])
            : throw Error(node, $"expected three numbers [red, green, blue], found {channels.Length}");
    }

    private double Number(YamlNode node, double lowest, double highest)
    {
        string text = Text(node);
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
        return isNumber && number >= lowest && number <= highest
            ? number
            : throw Error(node, highest < MostFrequency
                ? string.Create(CultureInfo.InvariantCulture, $"expected a number in {lowest}..{highest}, found '{text}'")
                : number > highest
                    ? string.Create(CultureInfo.InvariantCulture, $"expected a positive number, at most {highest}, found '{text}'")
                    : $"expected a positive number, found '{text}'");
    }

    private string OneOf(YamlNode node, IReadOnlyCollection<string> known, string what) => known.Contains(Text(node))
        ? Text(node)
        : throw Error(node, $"unknown {what} '{Text(node)}'; did you mean '{Spelling.Nearest(Text(node), known)}'?");

    private string Text(YamlNode node) => node is YamlScalarNode { Value: { Length: > 0 } text }
        ? text
        : throw Error(node, "expected a word");

    private IEnumerable<YamlNode> Items(YamlNode node) => node is YamlSequenceNode list
        ? list.Children
        : throw Error(node, "expected a list [...]");

    private IEnumerable<(YamlScalarNode Key, YamlNode Value)> Entries(YamlNode node) => node is YamlMappingNode mapping
        ? mapping.Children.Select(entry => (entry.Key as YamlScalarNode ?? throw Error(entry.Key, "expected a word"), entry.Value))
        : throw Error(node, "expected 'name: value' entries");

    private BadInputException Error(YamlNode node, string message) =>
        new($"{_path}:{node.Start.Line}:{node.Start.Column}: {message}");
}
