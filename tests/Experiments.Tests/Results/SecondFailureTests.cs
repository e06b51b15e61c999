using DiffusionLens;
using Experiments.Results;
using Experiments.Specs;

namespace Experiments.Tests.Results;

public sealed class SecondFailureTests : IDisposable
{
    private static readonly RunManifest Manifest = new()
    {
        Spec = new NamedHash("colors", ""),
        Lexicon = new NamedHash("mini", ""),
        Model = new NamedHash("mini-sd", ""),
        ModelPlace = "",
        Annotators = [],
        Sampler = new SamplerSpec(),
        Dtype = "float32",
        Device = "cpu",
        Prompts = 0,
        Layers = [],
        Seeds = [],
        Images = 0,
        Versions = new Dictionary<string, string>(),
        Machine = Machine.Here(),
        Stages = new Dictionary<string, StageRecord>(),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_cut_a_stage_off_is_told_and_not_that_the_manifest_cannot_be_written_either()
    {
        ResultsFolder folder = new(Path.Combine(_folder, "file", "results"));
        StageJournal journal = new(Manifest, folder);
        BadInputException first = new("an image: cannot be written");

        BadInputException told = Assert.Throws<BadInputException>(() => journal.Do<bool>(Stage.Images, "", [], _ => true, () =>
        {
            File.WriteAllText(Path.Combine(_folder, "file"), "");
            throw first;
        }));

        Assert.Same(first, told);
    }
}
