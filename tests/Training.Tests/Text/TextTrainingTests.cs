using DiffusionLens;
using Training.Runs;
using Training.Tests.Rendering;
using Training.Text;
using static TorchSharp.torch;

namespace Training.Tests.Text;

public sealed class TextTrainingTests : IDisposable
{
    private readonly string _art = InstalledArt.Folder();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly string _models, _made;

    public TextTrainingTests()
    {
        _models = Path.Combine(_folder.FullName, "models");
        _made = Path.Combine(_folder.FullName, "checkpoints", "text", "tokenizer", "vocab.json");
        Copy("tokenizer");
        Copy("text_encoder");

        // A checkpoint that no run can go on from: it ends when all is ready for the first step.
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "checkpoints", "text"));
        File.WriteAllText(Path.Combine(_folder.FullName, "checkpoints", "text", "state.safetensors"), "cut off");
    }

    [SkippableFact]
    public void The_model_keeps_its_tokenizer_until_a_new_text_encoder_is_done()
    {
        string[] before = Tokenizer();

        Assert.Throws<BadInputException>(() => Run(fromModels: false));

        Assert.Equal(before, Tokenizer());
        Assert.True(File.Exists(_made));
    }

    [SkippableFact]
    public void From_the_weights_that_are_there_it_goes_on_with_their_tokenizer()
    {
        string[] before = Tokenizer();

        Assert.Throws<BadInputException>(() => Run(fromModels: true));

        Assert.Equal(before, Tokenizer());
        Assert.False(File.Exists(_made));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Copy(string part)
    {
        DirectoryInfo to = Directory.CreateDirectory(Path.Combine(_models, "mini-sd", part));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "models", "mini-sd", part)))
        {
            File.Copy(file, Path.Combine(to.FullName, Path.GetFileName(file)));
        }
    }

    private string[] Tokenizer() =>
        [.. Directory.GetFiles(Path.Combine(_models, "mini-sd", "tokenizer")).Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    private void Run(bool fromModels)
    {
        TrainingOptions options = new()
        {
            Art = _art,
            Lexicon = InstalledArt.LexiconPath,
            Checkpoints = Path.Combine(_folder.FullName, "checkpoints"),
            Models = _models,
            Steps = 1,
            Batch = 8,
            LearningRate = 1e-3,
            Seed = 2,
            DType = ScalarType.Float32,
            FromModels = fromModels,
        };
        TextTraining.Run(options, World.Load(options));
    }
}
