using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Scenes;

namespace Training.Text;

/// <summary>Captions that are nearly right: what tells them from the truth is what the text encoder has to bind.</summary>
internal static class HardNegatives
{
    /// <summary>
    /// Two colored things: their colors swapped, and one thing replaced. A colored thing: another color. A relation: another thing
    /// in the same place. Other scenes have none.
    /// </summary>
    public static IReadOnlyList<Scene> Of(Scene scene, Lexicon lexicon, SplitMix64 random)
    {
        IReadOnlyList<SceneObject> o = scene.Objects;
        return scene.Kind switch
        {
            SceneKind.TwoColored =>
            [
                With(o[0] with { Color = o[1].Color }, o[1] with { Color = o[0].Color }),
                With(o[0] with { Entry = Another(o[0].Entry, "object") }, o[1]),
            ],
            SceneKind.Colored => [With(o[0] with { Color = Another(lexicon.Find(o[0].Color!)!, "color").Text })],
            SceneKind.In or SceneKind.On => [With(o[0] with { Entry = Another(o[0].Entry, "movable") }, o[1])],
            _ => [],
        };

        Scene With(params SceneObject[] objects) => scene with { Objects = objects, Caption = Captions.Say(scene.Kind, objects, random) };

        LexiconWord Another(LexiconWord word, string group)
        {
            IReadOnlyList<LexiconWord> words = lexicon.Words(group);
            LexiconWord drawn;
            do
            {
                drawn = words[random.Whole(0, words.Count - 1)];
            }
            while (drawn.Text == word.Text || o.Any(x => x.Word == drawn.Text));
            return drawn;
        }
    }
}
