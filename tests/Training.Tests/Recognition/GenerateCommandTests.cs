using System.CommandLine;
using DiffusionLens;
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
    public void The_folder_of_an_evaluation_s_sheet_is_made_before_the_work()
    {
        string sheet = Path.Combine(_folder, "evaluation.png");

        Assert.Throws<BadInputException>(() => Invoke(EvaluateCommand.Create(), ["--sheet", sheet, "--lexicon", "nowhere.yaml"]));

        Assert.True(Directory.Exists(_folder));
    }

    private static int Invoke(Command command, string[] arguments)
        => command.Parse(arguments).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
