using DiffusionLens;
using DiffusionLens.Configs;
using MiniWorld.Scenes;

namespace MiniWorld;

/// <summary>
/// The words prompts are made of, in groups that slots of a template name (<c>object</c>, <c>color</c>, <c>container</c>,
/// <c>surface</c>, <c>animal</c>, <c>familiar animal</c>, <c>person</c>, ...), with their attributes. Read from a YAML file; immutable.
/// </summary>
public sealed class Lexicon
{
    private readonly string _path;
    private readonly Dictionary<string, IReadOnlyList<LexiconWord>> _groups;
    private readonly Dictionary<string, LexiconWord> _words;

    internal Lexicon(
        string path,
        string name,
        Dictionary<string, IReadOnlyList<LexiconWord>> groups,
        IReadOnlyDictionary<SceneKind, double> scenes)
    {
        _path = path;
        Name = name;
        _groups = groups;
        Scenes = scenes;
        _words = groups.Values.SelectMany(words => words).DistinctBy(word => word.Text).ToDictionary(word => word.Text);
    }

    /// <summary>The lexicon's own name.</summary>
    public string Name { get; }

    /// <summary>How often each kind of scene is met; empty in a lexicon that is no small world.</summary>
    public IReadOnlyDictionary<SceneKind, double> Scenes { get; }

    /// <summary>The names of all groups and unions of groups.</summary>
    public IReadOnlyCollection<string> GroupNames => _groups.Keys;

    /// <summary>Every word once, in the file's order.</summary>
    public IReadOnlyCollection<LexiconWord> AllWords => _words.Values;

    /// <summary>Reads a lexicon file.</summary>
    /// <exception cref="BadInputException">The file is missing or no lexicon; says file, line, column and what is right.</exception>
    public static Lexicon Load(string path) => LexiconReader.Read(path);

    /// <summary>The words of a group or union, in the file's order, as text.</summary>
    /// <exception cref="BadInputException">There is no such group; names the nearest.</exception>
    public IReadOnlyList<string> Group(string group) => [.. Words(group).Select(word => word.Text)];

    /// <summary>The words of a group or union, in the file's order.</summary>
    /// <exception cref="BadInputException">There is no such group; names the nearest.</exception>
    public IReadOnlyList<LexiconWord> Words(string group) => _groups.TryGetValue(group, out IReadOnlyList<LexiconWord>? words)
        ? words
        : throw new BadInputException($"{_path}: no group '{group}'; did you mean '{Spelling.Nearest(group, _groups.Keys)}'?");

    /// <summary>A word with its attributes (of the first group that lists it), or null if the lexicon lacks it.</summary>
    public LexiconWord? Find(string text) => _words.GetValueOrDefault(text);
}
