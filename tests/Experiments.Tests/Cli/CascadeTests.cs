using DiffusionLens.Weights;
using Experiments.Cli;
using Experiments.Console;
using Experiments.Images;
using Experiments.Models;
using Experiments.Results;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Tests.Cli;

/// <summary>The commands on a DeepFloyd IF of a few megabytes.</summary>
public sealed class CascadeTests : IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "if");
    private static readonly string Pair = $"{Path.Combine(Model, "stage_I")},{Path.Combine(Model, "stage_II")}";

    private readonly string _folder = Directory.CreateTempSubdirectory("cascade-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(32)]
    [InlineData(16, "--stage", "1")]
    public void Lens_dumps_what_was_computed_up_to_the_stage_asked_for(int side, params string[] stage)
    {
        using DisposeScope scope = NewDisposeScope();
        string dump = InFolder("dump.safetensors");

        Run([
            "lens",
            "A red circle",
            "--model",
            Pair,
            "--layers",
            "0,5",
            "--seeds",
            "3",
            "--steps",
            "2",
            "--dtype",
            "float64",
            "--out",
            InFolder("x.png"),
            "--dump",
            dump,
            .. stage,
        ]);

        using SafetensorsFile file = SafetensorsFile.Open(dump);
        Assert.Equal(
            [
                .. Enumerable.Range(0, 6).Select(layer => $"hidden_states.{layer}"),
                "image.layer0.seed3",
                "image.layer5.seed3",
                "input_ids",
                "latents.initial.seed3",
                "latents.layer0.seed3",
                "latents.layer5.seed3",
                "lens.0",
                "lens.5",
            ],
            file.Entries.Keys.Order(StringComparer.Ordinal));
        Tensor image = file.Read("image.layer5.seed3"), raw = file.Read("latents.layer5.seed3");
        Assert.Equal([3, side, side], image.shape);
        Assert.Equal([1, 3, 16, 16], file.Read("latents.initial.seed3").shape);
        Assert.True(image.allclose(raw.reshape(image.shape).mul(0.5).add(0.5).clamp(0, 1), 0, 1e-12));
        Assert.False(image.allclose(file.Read("image.layer0.seed3"), 0, 1e-3));
        Assert.True(File.Exists(InFolder("x.png")));
    }

    [Fact]
    public void Stages_in_one_folder_make_the_images_of_the_two()
    {
        string[] rest = ["--layers", "5", "--steps", "1"];
        Run(["lens", "a dog", "--model", Pair, "--out", InFolder("a.png"), .. rest]);
        Run(["lens", "a dog", "--model", Model, "--out", InFolder("b.png"), .. rest]);

        Assert.Equal(File.ReadAllBytes(InFolder("a.png")), File.ReadAllBytes(InFolder("b.png")));
    }

    [Fact]
    public void An_experiment_makes_large_images_and_small_ones_in_their_place_where_it_stops_at_stage_1()
    {
        string results = InFolder("results");
        string[] line =
        [
            "colors",
            "--model",
            Pair,
            "--layers",
            "0,5",
            "--limit",
            "1",
            "--seeds",
            "0,1",
            "--steps",
            "1",
            "--out",
            results,
            "--only",
            "images",
        ];

        Assert.Contains("12 made", Run(line), StringComparison.Ordinal);
        Dictionary<string, byte[]> made = Images();
        RunManifest manifest = RunManifest.Read(new ResultsFolder(results))!;
        Assert.Contains("all 12 are there", Run(line), StringComparison.Ordinal);
        File.Delete(Path.Combine(results, made.Keys.First()));
        Assert.Contains("1 made, 0 made again, 11 were there", Run(line), StringComparison.Ordinal);

        Assert.Equal("stage_I+stage_II", manifest.Model.Name);
        Assert.Equal(
            (7.0, 4.0, 250),
            (manifest.Sampler.Guidance!.Value, manifest.Sampler.SuperResolution!.Guidance, manifest.Sampler.SuperResolution.NoiseLevel));
        Assert.Equal(made, Images());
        Assert.All(made.Keys, path => Assert.Equal([3, 32, 32], Shape(path)));

        Assert.Contains("0 made, 12 made again", Run([.. line, "--stage", "1"]), StringComparison.Ordinal);
        Assert.All(made.Keys, path => Assert.Equal([3, 16, 16], Shape(path)));
        Assert.Null(RunManifest.Read(new ResultsFolder(results))!.Sampler.SuperResolution);

        Dictionary<string, byte[]> Images() => Directory.GetFiles(results, "*.png", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).ToDictionary(path => Path.GetRelativePath(results, path), File.ReadAllBytes);

        long[] Shape(string path)
        {
            using Tensor pixels = ImageFile.Read(Path.Combine(results, path));
            return pixels.shape;
        }
    }

    [Fact]
    public void A_models_own_file_says_how_its_second_stage_enlarges()
    {
        Copy();
        File.WriteAllText(InFolder("if/dlens.json"), """{"guidance": 3, "superResolution": {"steps": 2, "guidance": 1.5}}""");

        ModelInfo card = ModelInfo.Read(InFolder("if"));

        Assert.Equal(("if", 5, 3.0, "coco"), (card.Name, card.LayerCount, card.Guidance, card.Lexicon));
        Assert.Equal(new DiffusionLens.Pipelines.SuperResolutionSettings(Steps: 2, Guidance: 1.5, NoiseLevel: 250), card.SuperResolution);
    }

    [Fact]
    public void Weights_of_a_variant_are_taken_where_it_is_asked_for()
    {
        Copy();
        foreach (string weights in Directory.GetFiles(InFolder("if"), "*.safetensors", SearchOption.AllDirectories))
        {
            File.Copy(weights, Path.ChangeExtension(weights, ".bf16.safetensors"));
            File.Move(weights, Path.ChangeExtension(weights, ".fp16.safetensors"));
        }

        string[] line = ["lens", "a dog", "--model", InFolder("if"), "--layers", "5", "--steps", "1", "--out", InFolder("x.png")];
        (int code, _, string error) = Execute("", line);

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("has weights only as variants bf16, fp16; choose one", error, StringComparison.Ordinal);
        Run([.. line, "--variant", "FP16"]);
        Assert.True(File.Exists(InFolder("x.png")));
    }

    [Theory]
    [InlineData("{pair}")]
    [InlineData("{if}")]
    [InlineData("{if}/stage_I")]
    [InlineData("{if}/stage_I/tokenizer")]
    public void Prompts_are_tokenized_as_T5_reads_them(string model)
    {
        (int code, string output, string error) = Execute(
            "A red circle\n",
            "tokenize",
            "--model",
            model.Replace("{pair}", Pair).Replace("{if}", Model));

        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Contains("\"\u2581a\"", output, StringComparison.Ordinal);
        Assert.Contains("\"</s>\",\"<pad>\"", output, StringComparison.Ordinal);
    }

    private static string Run(string[] line)
    {
        (int code, string output, string error) = Execute("", line);
        Assert.Equal("", error);
        Assert.Equal(ExitCode.Done, code);
        return output;
    }

    private static (int Code, string Output, string Error) Execute(string input, params string[] line)
    {
        using StringWriter output = new(),
            error = new();
        int code = CommandLine.Run(
            line,
            new Terminal(output, error, new StringReader(input), IsInteractive: false, CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }

    private void Copy()
    {
        foreach (string source in Directory.EnumerateFiles(Model, "*", SearchOption.AllDirectories))
        {
            string target = InFolder(Path.Combine("if", Path.GetRelativePath(Model, source)));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(source));
        }
    }

    private string InFolder(string name) => Path.Combine(_folder, name);
}
