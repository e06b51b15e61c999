using System.Text.RegularExpressions;
using DiffusionLens;
using Experiments.Verify;

namespace Experiments.Tests.Verify;

public sealed class GoldenVerificationTests
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Verify", "sd1.json");

    [Theory]
    [InlineData(null, 1)]
    [InlineData(null, 2)]
    [InlineData("avx2", 1)]
    [InlineData("avx2", 2)]
    [InlineData("default", 1)]
    [InlineData("default", 2)]
    public void The_committed_hashes_hold_with_every_vector_width_and_thread_count(string? capability, int threads)
    {
        Dictionary<string, string> environment = new() { ["OMP_NUM_THREADS"] = $"{threads}", ["OMP_WAIT_POLICY"] = "PASSIVE" };
        if (capability is not null)
        {
            environment["ATEN_CPU_CAPABILITY"] = capability;
        }

        (int exitCode, string output) = ChildProgram.Run(environment, "check", Model, Golden);
        Assert.Equal((0, $"{Golden}: all 48 tensors are what they were"), (exitCode, output.TrimEnd()));
    }

    [Fact]
    public void The_first_tensor_that_drifts_is_named()
    {
        string changed = Path.GetTempFileName();
        File.WriteAllText(
            changed,
            Regex.Replace(File.ReadAllText(Golden), """(?<="layer":3,"what":"(conditioning|image)".*"hash":")[0-9a-f]""", "x"));
        GoldenOutcome outcome = GoldenVerification.Check(Model, changed);
        File.Delete(changed);
        Assert.False(outcome.Holds);
        Assert.Equal(
            $"{changed}: 4 of 48 tensors have drifted; the first is the conditioning of layer 3 for \"a red car and a blue star\"",
            outcome.Summary);
    }

    [Theory]
    [InlineData("{\"recipe\": 3}", ":1:")]
    [InlineData("{}", "is no golden file; verify --update writes one")]
    [InlineData("not json", "is no golden file; verify --update writes one")]
    [InlineData("{\"recipe\":{\"prompts\":[],\"seed\":0},\"tensors\":[]}", "is not of")]
    public void What_is_no_golden_file_of_the_model_is_refused(string text, string error)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, text);
        Assert.Contains(
            error,
            Assert.Throws<BadInputException>(() => GoldenVerification.Check(Model, file)).Message,
            StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public void A_missing_golden_file_says_how_to_make_it() =>
        Assert.Contains(
            "verify --update",
            Assert.Throws<BadInputException>(() => GoldenVerification.Check(Model, "nowhere.json")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_model_with_a_sampler_of_its_own_is_hashed_at_the_size_and_length_of_its_dlens_json()
    {
        string folder = Directory.CreateTempSubdirectory("golden-").FullName;
        string model = Path.Combine(folder, "flux"), golden = Path.Combine(folder, "flux.json");
        Directory.CreateDirectory(model);
        foreach (string part in Directory.EnumerateFileSystemEntries(Path.Combine(AppContext.BaseDirectory, "reference", "flux")))
        {
            File.CreateSymbolicLink(Path.Combine(model, Path.GetFileName(part)), part);
        }

        File.WriteAllText(Path.Combine(model, "dlens.json"), """{"height": 32, "width": 48, "maxSequenceLength": 20}""");

        GoldenVerification.Update(model, golden);
        GoldenFile written = GoldenFile.Read(golden);
        GoldenRecipe recipe = written.Recipe;
        Assert.Equal((32, 48, 20, 0d), (recipe.Height, recipe.Width, recipe.MaxSequenceLength, recipe.Guidance));
        Assert.Contains(written.Tensors, tensor => tensor.Key is { What: "image", Layer: 2, Prompt: 1 });

        File.Delete(Path.Combine(model, "dlens.json"));
        Assert.True(GoldenVerification.Check(model, golden).Holds);
        File.WriteAllText(golden, File.ReadAllText(golden).Replace("\"width\":48", "\"width\":32", StringComparison.Ordinal));
        Assert.All(GoldenVerification.Check(model, golden).Drifts, drift => Assert.Contains(drift.What, new[] { "prediction", "image" }));
        Directory.Delete(folder, recursive: true);
    }
}
