using System.CommandLine;
using System.Globalization;
using MiniWorld;
using MiniWorld.Scenes;

namespace Training.Rendering;

/// <summary><c>scenes</c>: captioned scenes as images, with the truth of every question, to look at or to train on elsewhere.</summary>
internal static class ScenesCommand
{
    private const int SheetColumns = 12;

    public static Command Create()
    {
        Option<DirectoryInfo> folder = new("--out") { Description = "The folder to write to", Required = true };
        Option<int> count = new("--count") { Description = "How many scenes", DefaultValueFactory = _ => 84 };
        Option<ulong> seed = new("--seed") { Description = "Another seed, other scenes", DefaultValueFactory = _ => 0 };
        Option<string> lexicon = new("--lexicon") { Description = "The words", DefaultValueFactory = _ => "lexicons/mini.yaml" };
        Option<string?> art = ArtFolder.Option();
        Option<PairRule> pairs = new("--pairs") { Description = "Which pairs of words occur", DefaultValueFactory = _ => PairRule.Any };
        Command command = new("scenes", "Write captioned scenes: PNGs, captions.csv, truth.csv and a sheet with a row a kind")
        {
            folder, count, seed, lexicon, art, pairs,
        };
        command.SetAction(line => Export(
            line.GetRequiredValue(folder).FullName,
            line.GetValue(count),
            EmojiArt.Load(line.GetValue(art) ?? ArtFolder.Find(), Lexicon.Load(line.GetRequiredValue(lexicon))),
            line.GetValue(pairs),
            line.GetValue(seed)));
        return command;
    }

    private static void Export(string folder, int count, EmojiArt art, PairRule pairs, ulong seed)
    {
        Directory.CreateDirectory(folder);
        SceneSampler sampler = new(art.Lexicon, pairs, seed);
        SceneRenderer renderer = new(art);
        SaveSheet(Path.Combine(folder, "sheet.png"), sampler, renderer);

        IReadOnlyList<Question> questions = Questions.AllOf(art.Lexicon);
        using StreamWriter captions = new(Path.Combine(folder, "captions.csv"));
        using StreamWriter truth = new(Path.Combine(folder, "truth.csv"));
        captions.WriteLine("picture,kind,caption,held_out");
        truth.WriteLine("picture," + string.Join(',', questions.Select(Questions.Name)));
        for (int number = 0; number < count; number++)
        {
            Scene scene = sampler.At((ulong)number);
            string image = string.Create(CultureInfo.InvariantCulture, $"{number:000000}.png");
            Images.Save(Path.Combine(folder, image), renderer.Render(scene).Pixels, RenderedScene.Side);
            captions.WriteLine($"{image},{scene.Kind.Name()},{scene.Caption},{YesNo(HeldOutPairs.AreIn(scene.Objects))}");
            truth.WriteLine($"{image}," + string.Join(',', questions.Select(question => YesNo(scene.Answer(question)))));
        }
        Console.WriteLine($"{count} scenes in {folder}");
    }

    private static void SaveSheet(string path, SceneSampler sampler, SceneRenderer renderer)
    {
        List<float[]> images = [];
        foreach (SceneKind kind in sampler.Kinds)
        {
            Scene[] row = [.. Enumerable.Range(0, SheetColumns).Select(column => sampler.At((ulong)column, kind))];
            images.AddRange(row.Select(scene => renderer.Render(scene).Pixels));
            Console.WriteLine($"{kind.Name()}: {string.Join(" | ", row.Select(scene => scene.Caption))}");
        }
        Images.SaveSheet(path, images, RenderedScene.Side, SheetColumns);
    }

    private static string YesNo(bool? answer) => answer switch
    {
        true => "yes",
        false => "no",
        null => "",
    };
}
