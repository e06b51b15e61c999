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
    public SceneSampler TrainingSampler(ulong seed) => new(Lexicon, HeldOut.Exclude, seed);

    /// <summary>Scenes for measuring: of a seed that no training uses.</summary>
    public SceneSampler HeldOutSampler(ulong seed) => new(Lexicon, HeldOut.Ignore, ulong.MaxValue - seed);
}
