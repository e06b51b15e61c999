using DiffusionLens.Weights;
using Experiments.Cli;
using Experiments.Console;
using Experiments.Results;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Tests.Cli;

/// <summary>The options about several text encoders, on a Stable Diffusion XL of a few megabytes: encoders of 4 and 5 blocks.</summary>
public sealed class EncoderOptionsTests : IDisposable
{
    private const string Prompt = "a red circle and a blue square";

    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "sdxl");

    private readonly string _folder = Directory.CreateTempSubdirectory("encoders-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("all.layer", "0 1 2 3 4")]
    [InlineData("encoder1.layer", "0 1 2 3", "--encoder", "1")]
    [InlineData("encoder2.layer", "0 1 2 3 4", "--encoder", "2")]
    [InlineData("encoder2.layer2.other_empty", "2", "--encoder", "2", "--other-encoders", "empty")]
    [InlineData("encoder2.layer2.pooled_empty", "2", "--encoder", "2", "--pooled", "empty")]
    [InlineData("encoder2.layer5.pooled_lens", "5", "--encoder", "2", "--pooled", "lens")]
    public void A_dump_is_what_diffusers_makes_of_the_same_site(string name, string layers, params string[] options)
    {
        using DisposeScope scope = NewDisposeScope();
        string file = Path.Combine(_folder, "dump.safetensors");
        Assert.Equal("", Refusal([
            "lens", Prompt, "--scheduler", "euler", "--steps", "5", "--layers", Asked(), "--dtype", "float64", "--dump", file, .. options,
        ]));
        using SafetensorsFile dump = SafetensorsFile.Open(file);
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(Model, "expected_double", "lens.safetensors"));
        Assert.Equal(
            layers.Split(' '),
            dump.Entries.Keys.Where(key => key.StartsWith("lens.", StringComparison.Ordinal)).Select(key => key["lens.".Length..]).Order());
        foreach (string layer in layers.Split(' '))
        {
            string site = name.EndsWith("layer", StringComparison.Ordinal) ? name + layer : name;
            Close(dump.Read($"latents.layer{layer}.seed0"), expected.Read($"{site}.latents"));
            Close(dump.Read($"image.layer{layer}.seed0").unsqueeze(0), expected.Read($"{site}.image"));
            Close(dump.Read($"pooled.{layer}"), expected.Read($"{site}.pooled_prompt_embeds"));
            if (expected.Entries.ContainsKey($"{site}.prompt_embeds"))
            {
                Close(dump.Read($"lens.{layer}"), expected.Read($"{site}.prompt_embeds"));
            }
        }

        Assert.Equal([1, 77, 48], dump.Entries["text_encoder_2.hidden_states.5"].Shape);
        Assert.DoesNotContain("text_encoder.hidden_states.4", dump.Entries.Keys);

        string Asked() => layers.Contains(' ', StringComparison.Ordinal) ? "all" : layers;
    }

    [Theory]
    [InlineData("encoder is 3; this model has 1 to 2", "--encoder", "3")]
    [InlineData("other encoders are to be empty, but every encoder", "--other-encoders", "empty")]
    [InlineData("pooled is lens, but of what is looked into this model reads no pooled vector", "--encoder", "1", "--pooled", "lens")]
    [InlineData("--layers: there is no layer 4; this model has 0 (the embeddings) to 3", "--encoder", "1", "--layers", "0,4")]
    [InlineData("max sequence length is 128; Stable Diffusion XL always reads", "--max-sequence-length", "128")]
    [InlineData("--no-negative beside --negative", "--no-negative", "--negative", "a blue star")]
    public void What_the_model_cannot_honor_is_one_line(string error, params string[] options)
        => Assert.StartsWith($"dlens-repro: {error}", Refusal(["lens", Prompt, .. options]), StringComparison.Ordinal);

    [Fact]
    public void Without_a_negative_prompt_the_pipeline_moves_away_from_zeros_as_its_folder_says()
    {
        using DisposeScope scope = NewDisposeScope();
        string file = Path.Combine(_folder, "dump.safetensors");
        Assert.Equal("", Refusal([
            "lens", Prompt, "--scheduler", "euler", "--steps", "5", "--layers", "4", "--dtype", "float64", "--dump", file, "--no-negative",
        ]));
        using SafetensorsFile dump = SafetensorsFile.Open(file);
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(Model, "expected_double", "images.safetensors"));
        Close(dump.Read("latents.layer4.seed0"), expected.Read("no_negative_prompt.latents"));
    }

    [Fact]
    public void A_run_looks_where_its_options_say_whatever_the_spec_does()
    {
        string results = Path.Combine(_folder, "results");
        string[] run = ["run", "colors", "--limit", "1", "--seeds", "0", "--steps", "1", "--only", "images", "--out", results];
        Assert.Equal("", Refusal([.. run, "--encoder", "2", "--pooled", "lens"]));
        Assert.Equal("", Refusal(run));

        RunManifest manifest = RunManifest.Read(new ResultsFolder(results))!;
        Assert.Null(manifest.Site);
        string[] images = [.. Directory.GetFiles(results, "*.png", SearchOption.AllDirectories).Select(path => Path.GetFileName(path))];
        Assert.Equal(3 * 6, images.Count(image => image.EndsWith("_encoder-2_pooled-lens_seed-0.png", StringComparison.Ordinal)));
        Assert.Equal(3 * 5, images.Count(image => !image.Contains("encoder", StringComparison.Ordinal)));
    }

    /// <summary>The error, or nothing where all is well.</summary>
    private string Refusal(string[] arguments)
    {
        using StringWriter output = new(), error = new();
        string[] sheet = arguments[0] == "lens" ? ["--out", Path.Combine(_folder, "sheet.png")] : [];
        int code = CommandLine.Run(
            [.. arguments, "--model", Model, .. sheet],
            new Terminal(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));
        string said = error.ToString();
        Assert.Equal(said.Length == 0 ? ExitCode.Done : ExitCode.BadInput, code);
        Assert.True(said.Count(character => character == '\n') <= 1, said);
        return said;
    }

    private static void Close(Tensor actual, Tensor expected)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange(expected.sub(actual).abs().max().item<double>() / expected.abs().max().item<double>(), 0, 1e-10);
    }
}
