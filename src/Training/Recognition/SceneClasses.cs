using MiniWorld.Recognition;

namespace Training.Recognition;

/// <summary>The numbers of words among a recognizer's classes; 0 is none of them.</summary>
internal sealed class SceneClasses(RecognizerConfig config)
{
    private readonly Dictionary<string, long> _things = Numbered(config.Things), _colors = Numbered(config.Colors);
    private readonly Dictionary<string, long> _relations = Numbered(RecognizerConfig.Relations);

    public long Thing(string word) => _things[word];

    public long Color(string word) => _colors[word];

    public long Relation(string word) => _relations[word];

    private static Dictionary<string, long> Numbered(IReadOnlyList<string> words)
        => words.Select((word, i) => (word, i)).ToDictionary(pair => pair.word, pair => pair.i + 1L);
}
