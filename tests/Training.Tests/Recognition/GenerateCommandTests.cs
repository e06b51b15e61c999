using System.CommandLine;
using DiffusionLens;
using MiniWorld;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Evaluation;
using Training.Recognition;
using Training.Tests.Rendering;
using static TorchSharp.torch;

namespace Training.Tests.Recognition;

public sealed class GenerateCommandTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"generated-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public void Images_go_into_a_folder_that_was_not_there()
    {
        string file = Path.Combine(_folder, "mini-sd.safetensors"), models = Path.Combine(AppContext.BaseDirectory, "models");

        int exit = Invoke(
            GenerateCommand.Create(),
            ["--out", file, "--count", "2", "--guidance", "1", "--models", models, "--lexicon", InstalledArt.LexiconPath]);

        Assert.Equal(0, exit);
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal([2L, 3, 64, 64], GeneratedImages.Read(file).Pixels.shape);
    }

    [Fact]
    public void Of_three_portions_the_second_is_of_another_layer_unless_the_last_alone_is_asked_for()
    {
        Assert.Equal([12, 1, 12, 2], Enumerable.Range(0, 4).Select(portion => GenerateCommand.LayerOf(portion, 12, lastAlone: false)));
        Assert.Equal([12, 12], Enumerable.Range(0, 2).Select(portion => GenerateCommand.LayerOf(portion, 12, lastAlone: true)));
    }

    [Fact]
    public void Captions_that_name_a_word_of_a_group_are_the_first_that_do()
    {
        Lexicon lexicon = Lexicon.Load(InstalledArt.LexiconPath);
        SceneSampler sampler = new(lexicon, PairRule.Any, seed: 5);

        ulong[] numbers = GenerateCommand.NumbersOf(sampler, lexicon, "unfamiliar animal", count: 5);

        Assert.Equal([0UL, 1, 2], GenerateCommand.NumbersOf(sampler, lexicon, group: null, count: 3));
        Assert.Equal(
            Enumerable.Range(0, (int)numbers[^1] + 1).Select(i => (ulong)i)
                .Where(i => sampler.At(i).Objects.Any(o => lexicon.Group("unfamiliar animal").Contains(o.Word))),
            numbers);
        Assert.Throws<BadInputException>(() => GenerateCommand.NumbersOf(sampler, lexicon, "ghost", count: 1));
    }

    [Fact]
    public void The_folder_of_an_evaluation_s_sheet_is_made_before_the_work()
    {
        string sheet = Path.Combine(_folder, "evaluation.png");

        Assert.Throws<BadInputException>(() => Invoke(EvaluateCommand.Create(), ["--sheet", sheet, "--lexicon", "nowhere.yaml"]));

        Assert.True(Directory.Exists(_folder));
    }

    private static int Invoke(Command command, string[] arguments)
        => command.Parse(arguments).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
