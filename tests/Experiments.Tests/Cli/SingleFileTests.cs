using System.Text.Json;
using DiffusionLens.Weights;
using DiffusionLens.Weights.SingleFiles;
using Experiments.Cli;
using Experiments.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Tests.Cli;

/// <summary>The commands on a Stable Diffusion of a few kilobytes in a single file.</summary>
public sealed class SingleFileTests : IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");

    private readonly string _folder = Directory.CreateTempSubdirectory("single-").FullName;

    public SingleFileTests() => WriteFile();

    private string SingleFile => InFolder("my-model.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Its_images_are_those_of_the_folder_and_of_the_folder_that_convert_writes()
    {
        string written = InFolder("written");
        (int code, string output, string error) = Run("convert", SingleFile, written, "--config", Model);
        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Contains("prediction type epsilon", output, StringComparison.Ordinal);
        Assert.Contains("left out    1 tensor: tables of the noise schedule", output, StringComparison.Ordinal);
        Assert.EndsWith($"{written}\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);

        byte[] expected = Dump(Model);
        Assert.Equal(expected, Dump(SingleFile, "--config", Model));
        Assert.Equal(expected, Dump(SingleFile, "--config", Model, "--kind", "sd1"));
        Assert.Equal(expected, Dump(written));
    }

    [Fact]
    public void What_was_assumed_is_said_and_stands_in_the_manifest()
    {
        string results = InFolder("results");
        (int code, string output, string error) = Run(
            "run", "colors", "--limit", "1", "--seeds", "0", "--layers", "5", "--steps", "1", "--only", "images", "--annotators", "people",
            "--out", results, "--model", SingleFile, "--config", Model);

        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Contains("heads of the unet 4", output, StringComparison.Ordinal);
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(results, "manifest.json")));
        Assert.Equal("my-model", manifest.RootElement.GetProperty("model").GetProperty("name").GetString());
        JsonElement[] assumed = [.. manifest.RootElement.GetProperty("assumed").EnumerateArray()];
        Assert.Contains(assumed, one => one.GetProperty("what").GetString() == "prediction type"
            && one.GetProperty("value").GetString() == "epsilon"
            && one.GetProperty("source").GetString()!.EndsWith("scheduler_config.json", StringComparison.Ordinal));
        Assert.Contains(assumed, one => one.GetProperty("what").GetString() == "scheduler");
    }

    [Fact]
    public void Nothing_is_written_of_a_file_that_is_not_whole_nor_over_what_is_there()
    {
        WriteFile(tensors => Assert.True(tensors.Remove("model.diffusion_model.out.2.bias")));
        string written = InFolder("written");
        Assert.Equal(
            "dlens-repro: " + SingleFile + ": these are no weights for this UNet2DConditionModel: 1 tensor missing "
                + "(model.diffusion_model.out.2.bias); of a model of another shape than the published ones, give the configs with "
                + "--config FOLDER",
            Refused("convert", SingleFile, written, "--config", Model));
        Assert.Equal(["my-model.safetensors"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));

        WriteFile();
        Directory.CreateDirectory(written);
        File.WriteAllText(Path.Combine(written, "mine.txt"), "mine");
        Assert.Contains("is there already", Refused("convert", SingleFile, written, "--config", Model), StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], Directory.GetFileSystemEntries(written).Select(Path.GetFileName));

        File.Delete(Path.Combine(written, "mine.txt"));
        Assert.Equal(ExitCode.Done, Run("convert", SingleFile, written, "--config", Model).Code);
        Assert.True(File.Exists(Path.Combine(written, "model_index.json")));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public void An_interrupted_conversion_leaves_nothing()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(
            ["convert", SingleFile, InFolder("written"), "--config", Model],
            new Terminal(output, error, TextReader.Null, IsInteractive: false, stop.Token));

        Assert.Equal(ExitCode.Interrupted, code);
        Assert.Equal(["my-model.safetensors"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Without_configs_its_shape_is_said_to_be_another_than_the_published_one()
        => Assert.Contains("text of width 32, not 768", Refused("lens", "a car", "--model", SingleFile), StringComparison.Ordinal);

    [Fact]
    public void Options_of_single_files_are_refused_for_folders_and_files_that_are_not_there_are_said_not_to_be()
    {
        Assert.Contains(
            "--kind sd1: is said of a model in a single file",
            Refused("lens", "a car", "--model", Model, "--kind", "sd1"),
            StringComparison.Ordinal);
        string missing = InFolder("missing.safetensors");
        Assert.Equal($"dlens-repro: {missing}: there is no such file", Refused("lens", "a car", "--model", missing));
        Assert.Equal($"dlens-repro: {missing}: there is no such file", Refused("convert", missing, InFolder("written")));
        Assert.Contains("is a folder", Refused("convert", Model, InFolder("written")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_as_a_pickle_is_refused_with_the_way_out_by_every_command()
    {
        string pickle = InFolder("model.ckpt");
        File.WriteAllText(pickle, "a pickle");
        foreach (string[] command in new[]
        {
            new[] { "lens", "a car", "--model", pickle },
            ["tokenize", "--model", pickle],
            ["run", "colors", "--dry-run", "--model", pickle],
            ["convert", pickle, InFolder("written")],
        })
        {
            Assert.StartsWith($"dlens-repro: {pickle}: is a pickle", Refused(command), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Tokenize_reads_the_tokenizer_of_its_configs()
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(
            ["tokenize", "--model", SingleFile, "--config", Model],
            new Terminal(output, error, new StringReader("A red circle\n"), IsInteractive: false, CancellationToken.None));

        Assert.Equal((ExitCode.Done, ""), (code, error.ToString()));
        Assert.StartsWith("{\"ids\":[690,320,601,677,691,691,", output.ToString(), StringComparison.Ordinal);
    }

    private string InFolder(string name) => Path.Combine(_folder, name);

    // The names are our own here; Lens.Tests holds them to the reference.
    private void WriteFile(Action<Dictionary<string, Tensor>>? change = null)
    {
        using DisposeScope scope = NewDisposeScope();
        ModelFolder folder = ModelFolder.Open(Model);
        Dictionary<string, Tensor> tensors = new() { ["betas"] = zeros(1000) };
        foreach (SingleFilePart part in SingleFileParts.Of(TextLayout.StableDiffusion1, folder.Config, folder.ConfigPath))
        {
            string file = part.Name == "text_encoder" ? "model.safetensors" : "diffusion_pytorch_model.safetensors";
            using SafetensorsFile weights = SafetensorsFile.Open(Path.Combine(folder.PathOf(part.Name), file));
            foreach (string name in weights.Entries.Keys)
            {
                tensors.Add(part.NameInFile(name), weights.Read(name));
            }
        }

        change?.Invoke(tensors);
        SafetensorsWriter.Write(SingleFile, tensors);
    }

    private byte[] Dump(string model, params string[] options)
    {
        string dump = InFolder("dump");
        (int code, _, string error) = Run([
            "lens", "a red car", "--steps", "2", "--layers", "5", "--out", InFolder("x.png"), "--dump", dump, "--model", model, .. options,
        ]);
        Assert.Equal((ExitCode.Done, ""), (code, error));
        return File.ReadAllBytes(dump);
    }

    private static string Refused(params string[] arguments)
    {
        (int code, _, string error) = Run(arguments);
        Assert.Equal(ExitCode.BadInput, code);
        return Assert.Single(error.TrimEnd().ReplaceLineEndings("\n").Split('\n'));
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(arguments, new Terminal(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }
}
