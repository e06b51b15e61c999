using System.CommandLine;
using MiniWorld;
using MiniWorld.Scenes;

namespace Training.Language;

/// <summary><c>documents</c>: what the language model is trained on, as text; its vocabulary is made from this.</summary>
internal static class DocumentsCommand
{
    public static Command Create()
    {
        Option<string> lexicon = new("--lexicon") { Description = "The words", DefaultValueFactory = _ => "lexicons/mini.yaml" };
        Option<int> count = new("--count") { Description = "How many", DefaultValueFactory = _ => 100_000 };
        Option<ulong> seed = new("--seed") { Description = "Another seed, other documents", DefaultValueFactory = _ => 1UL };
        Command command = new("documents", "Write documents about scenes, one a line, to standard output") { lexicon, count, seed };
        command.SetAction(line =>
        {
            SceneSampler scenes = new(Lexicon.Load(line.GetRequiredValue(lexicon)), PairRule.Seen, line.GetValue(seed));
            for (ulong i = 0; i < (ulong)line.GetValue(count); i++)
            {
                Console.Out.WriteLine(string.Join(SceneDocuments.Stop, SceneDocuments.At(scenes, i)));
            }
        });
        return command;
    }
}
