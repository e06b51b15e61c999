using DiffusionLens.Runtime;

namespace MiniWorld.Scenes;

/// <summary>
/// Draws scenes as often as the lexicon says. Scene <c>i</c> of a seed is always the same, whatever was drawn before it, so that a
/// training run can go on from where it stopped. Thread-safe.
/// </summary>
public sealed class SceneSampler
{
    private static readonly SceneKind[] Paired = [SceneKind.Colored, SceneKind.TwoColored, SceneKind.In, SceneKind.On];

    private static readonly string[] Groups = ["thing", "object", "movable", "container", "surface", "animal", "person"];

    private readonly PairRule _pairs;
    private readonly ulong _seed;
    private readonly WeightedSampler<SceneKind> _kinds;
    private readonly Dictionary<string, WeightedSampler<LexiconWord>> _words;
    private readonly Dictionary<string, WeightedSampler<string>> _colors;

    /// <summary>Draws from the groups <c>thing, object, movable, container, surface, animal, person, color</c>.</summary>
    /// <param name="lexicon">The words and their frequencies.</param>
    /// <param name="pairs">What happens with held-out pairs.</param>
    /// <param name="seed">Another seed, other scenes.</param>
    /// <param name="mixture">How often each kind of scene is drawn; the lexicon's own where null.</param>
    /// <param name="evenly">Whether every word of a group is drawn equally often, and not as the lexicon says.</param>
    /// <exception cref="DiffusionLens.BadInputException">The lexicon lacks one of the groups.</exception>
    public SceneSampler(
        Lexicon lexicon, PairRule pairs, ulong seed, IReadOnlyDictionary<SceneKind, double>? mixture = null, bool evenly = false)
    {
        _pairs = pairs;
        _seed = SplitMix64.Mix(seed + 1);
        _words = Groups.ToDictionary(
            group => group,
            group => new WeightedSampler<LexiconWord>(lexicon.Words(group).Select(word => (word, evenly ? 1 : word.Frequency))));
        _colors = lexicon.Words("object").ToDictionary(
            thing => thing.Text,
            thing => new WeightedSampler<string>(lexicon.Words("color").Select(color =>
                (color.Text, evenly ? 1 : color.Frequency * thing.Usual.GetValueOrDefault(color.Text, 1)))));
        _kinds = new((mixture ?? lexicon.Scenes)
            .Where(entry => pairs != PairRule.HeldOut || Paired.Contains(entry.Key))
            .Select(entry => (entry.Key, entry.Value)));
        if (Kinds.Count == 0)
        {
            throw new ArgumentException("No kind of scene is left to draw from", nameof(mixture));
        }
    }

    /// <summary>The kinds of scenes it draws.</summary>
    public IReadOnlyList<SceneKind> Kinds => _kinds.Things;

    /// <summary>Scene number <paramref name="index"/> of this seed.</summary>
    public Scene At(ulong index)
    {
        SplitMix64 random = Random(index);
        return Draw(_kinds.Draw(random), random);
    }

    /// <summary>Scene number <paramref name="index"/> of this seed, in a kind of your choice.</summary>
    /// <exception cref="ArgumentException">The kind has no pairs of words where held-out pairs are required.</exception>
    public Scene At(ulong index, SceneKind kind) => _pairs == PairRule.HeldOut && !Paired.Contains(kind)
        ? throw new ArgumentException($"No pair of words can be held out in a scene of kind '{kind.Name()}'", nameof(kind))
        : Draw(kind, Random(index ^ ((ulong)(kind + 1) << 56)));

    private SplitMix64 Random(ulong index) => new(SplitMix64.Mix(_seed ^ SplitMix64.Mix(index)));

    private Scene Draw(SceneKind kind, SplitMix64 random)
    {
        IReadOnlyList<SceneObject> objects;
        do
        {
            objects = Objects(kind, random);
        }
        while (_pairs != PairRule.Any && Paired.Contains(kind) && HeldOutPairs.AreIn(objects) != (_pairs == PairRule.HeldOut));
        return new Scene(Captions.Say(kind, objects, random), kind, objects, random.NextBits());
    }

    private IReadOnlyList<SceneObject> Objects(SceneKind kind, SplitMix64 random)
    {
        LexiconWord Word(string group) => _words[group].Draw(random);
        return kind switch
        {
            SceneKind.Thing => [new SceneObject(Word("thing"))],
            SceneKind.Animal => [new SceneObject(Word("animal"))],
            SceneKind.Person => [new SceneObject(Word("person"))],
            SceneKind.In => [new SceneObject(Word("movable"), Relation: "in"), new SceneObject(Word("container"))],
            SceneKind.On => [new SceneObject(Word("movable"), Relation: "on"), new SceneObject(Word("surface"))],
            SceneKind.Colored => [InColor(Word("object"), random)],
            _ => TwoColored(InColor(Word("object"), random), random),
        };
    }

    private SceneObject InColor(LexiconWord thing, SplitMix64 random) => new(thing, _colors[thing.Text].Draw(random));

    private IReadOnlyList<SceneObject> TwoColored(SceneObject first, SplitMix64 random)
    {
        SceneObject second;
        do
        {
            second = InColor(_words["object"].Draw(random), random);
        }
        while (second.Word == first.Word || second.Color == first.Color);
        return [first, second];
    }
}
