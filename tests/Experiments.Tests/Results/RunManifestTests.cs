using Experiments.Results;
using Experiments.Specs;

namespace Experiments.Tests.Results;

public sealed class RunManifestTests : IDisposable
{
    private const string Report = """{"done": true, "inputs": "r", "seconds": 1, "files": []}""";

    private readonly ResultsFolder _folder = new(Directory.CreateTempSubdirectory("manifest-").FullName);

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    [Fact]
    public void What_was_written_is_read() => Assert.Equal("done", Written().Stages["measures"].Inputs);

    // Each instead of a stage of an earlier version, which had no hash of the manifest.
    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"done": true, "inputs": "done", "seconds": 0.1}""")]
    [InlineData("""{"done": true, "inputs": "done", "seconds": 0.1, "files": null}""")]
    [InlineData("""{"done": true, "inputs": "done", "seconds": 0.1, "files": [null]}""")]
    [InlineData("""{"done": true, "inputs": "done", "seconds": 0.1, "files": ["measures.csv"]}""")]
    [InlineData("""{"done": true, "inputs": "done", "seconds": 0.1, "files": [{"path": null, "size": 1, "sha256": "a"}]}""")]
    [InlineData("""{"done": true, "inputs": "done", "seconds": 0.1, "files": [{"path": "../x", "size": 1, "sha256": "a"}]}""")]
    [InlineData("""{"done": true, "inputs": "done", "seconds": 0.1, "files": [{"path": "/dev/zero", "size": 0, "sha256": "a"}]}""")]
    [InlineData("""{"done": true, "inputs": "done", "seconds": 0.1, "files": [{"path": "x\u0000", "size": 1, "sha256": "a"}]}""")]
    [InlineData("""{"done": true, "inputs": "\ud800", "seconds": 0.1, "files": []}""")]
    [InlineData("""{"done": true, "inputs": null, "seconds": 0.1, "files": []}""")]
    [InlineData("""{"done": false, "inputs": "done", "seconds": 1e999, "files": []}""")]
    [InlineData("""{"done": false, "inputs": "done", "seconds": -1, "files": []}""")]
    [InlineData("""{"done": 1, "inputs": "done", "seconds": "a", "files": {}}""")]
    public void A_stage_that_is_not_written_as_one_was_not_done_and_the_others_were(string stage)
    {
        Written();
        string text = File.ReadAllText(_folder.Manifest);
        int stages = text.IndexOf("\"stages\"", StringComparison.Ordinal);
        int hash = text.IndexOf(",\n  \"manifest_sha256\"", StringComparison.Ordinal);
        File.WriteAllText(
            _folder.Manifest,
            $"{text[..stages]}\"stages\": {{\"measures\": {stage}, \"report\": {Report}, \"\": null, \"x\": 1}}}}");
        Assert.True(hash > stages);

        RunManifest read = RunManifest.Read(_folder)!;

        Assert.Equal(["report"], read.Stages.Keys);
        StageJournal journal = new(read, _folder);
        Assert.False(journal.IsDone(Stage.Measures, "done"));
        journal.Do(Stage.Measures, "done", [], didWork => didWork, () => true);
        Assert.True(RunManifest.Read(_folder)!.Stages["measures"].Done);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"stages\": null}")]
    [InlineData("{\"stages\": {}, \"stages\": {}}")]
    [InlineData("{\"spec\": null}")]
    [InlineData("{\"spec\": {\"name\": 7}}")]
    public void A_file_that_is_no_manifest_is_none(string text)
    {
        File.WriteAllText(_folder.Manifest, text);

        Assert.Null(RunManifest.Read(_folder));
    }

    [Fact]
    public void A_manifest_in_which_one_byte_is_another_is_none()
    {
        Written();
        byte[] whole = File.ReadAllBytes(_folder.Manifest);

        Assert.All(Enumerable.Range(0, whole.Length), at =>
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(_folder.Manifest, damaged);
            Assert.Null(RunManifest.Read(_folder));
        });
    }

    private RunManifest Written()
    {
        new RunManifest
        {
            Spec = new NamedHash("my.yaml", "a"),
            Lexicon = new NamedHash("mini", "b"),
            Model = new NamedHash("mini-sd", "c"),
            ModelPlace = "of the tool",
            Annotators = ["people"],
            Sampler = new SamplerSpec { Scheduler = "ddim", Steps = 2, Guidance = 4 },
            Dtype = "float32",
            Device = "cpu",
            Prompts = 1,
            Layers = [0, 12],
            Seeds = [0],
            Images = 2,
            Versions = new Dictionary<string, string>(),
            Machine = new Machine("Linux", "a processor", 2, "avx2"),
            Stages = new Dictionary<string, StageRecord> { ["measures"] = new(Done: true, "done", 0.1, []) },
        }.Write(_folder);
        return RunManifest.Read(_folder)!;
    }
}
