using MiniWorld;
using MiniWorld.Scenes;
using Training.Rendering;

namespace Training.Runs;

/// <summary>What the trainings draw scenes from.</summary>
internal sealed class World
{
    private World(Lexicon lexicon, SceneRenderer renderer)
    {
        Lexicon = lexicon;
        Renderer = renderer;
    }

    public Lexicon Lexicon { get; }

    public SceneRenderer Renderer { get; }

    public static World Load(TrainingOptions options)
    {
        Lexicon lexicon = Lexicon.Load(options.Lexicon);
        return new World(lexicon, new SceneRenderer(EmojiArt.Load(options.Art, lexicon)));
    }

    /// <summary>Scenes for a training: never a held-out pair.</summary>
    public SceneSampler TrainingSampler(ulong seed) => new(Lexicon, PairRule.Seen, seed);

    /// <summary>Scenes for who looks at all that models make: held-out pairs as others, and every word equally often.</summary>
    public SceneSampler EvenSampler(ulong seed) => new(Lexicon, PairRule.Any, seed, evenly: true);

    /// <summary>Scenes for measuring: of a seed that no training uses, held-out pairs as often as chance has them.</summary>
    public SceneSampler MeasuringSampler(ulong seed) => new(Lexicon, PairRule.Any, ulong.MaxValue - seed);
}
