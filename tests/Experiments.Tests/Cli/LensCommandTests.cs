using System.Text.RegularExpressions;
using DiffusionLens.Weights;
using Experiments.Cli;
using Experiments.Console;
using SkiaSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Tests.Cli;

/// <summary><c>lens</c> on a model of a few kilobytes: 5 blocks of width 32, images of 32 pixels from latents of 16.</summary>
public sealed partial class LensCommandTests : IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");

    private readonly string _folder = Directory.CreateTempSubdirectory("lens-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("float64", ScalarType.Float64)]
    [InlineData("float32", ScalarType.Float32)]
    [InlineData("bfloat16", ScalarType.BFloat16)]
    [InlineData("float16", ScalarType.Float16)]
    public void A_dump_holds_every_tensor_that_the_readme_lists_in_the_runs_type(string name, ScalarType dtype)
    {
        using SafetensorsFile dump = Dump("--layers", "0,3,5", "--seeds", "0,7", "--dtype", name);

        Regex[] listed = [.. NamesInReadme().Select(pattern => new Regex($"^{Location().Replace(Regex.Escape(pattern), "[0-9]+")}$"))];
        Assert.Equal(6, listed.Length);
        Assert.All(listed, pattern => Assert.Contains(dump.Entries.Keys, pattern.IsMatch));
        Assert.All(dump.Entries.Keys, tensor => Assert.Single(listed, pattern => pattern.IsMatch(tensor)));
        Assert.Equal(1 + 6 + 3 + 2 + 6 + 6, dump.Entries.Count);
        Assert.All(dump.Entries.Values, entry => Assert.Equal(entry.Name == "input_ids" ? ScalarType.Int64 : dtype, entry.DType));
        Assert.Equal([1, 77], dump.Entries["input_ids"].Shape);
        Assert.Equal([1, 77, 32], dump.Entries["hidden_states.4"].Shape);
        Assert.Equal([1, 77, 32], dump.Entries["lens.3"].Shape);
        Assert.Equal([1, 4, 16, 16], dump.Entries["latents.initial.seed7"].Shape);
        Assert.Equal([1, 4, 16, 16], dump.Entries["latents.layer3.seed7"].Shape);
        Assert.Equal([3, 32, 32], dump.Entries["image.layer3.seed7"].Shape);
    }

    [Fact]
    public void Without_the_final_norm_the_denoiser_gets_the_hidden_state_itself()
    {
        using DisposeScope scope = NewDisposeScope();
        using (SafetensorsFile plain = Dump("--layers", "3", "--norm", "none"))
        {
            Assert.True(plain.Read("lens.3").Equals(plain.Read("hidden_states.3")));
        }

        using SafetensorsFile normed = Dump("--layers", "3");
        Assert.False(normed.Read("lens.3").Equals(normed.Read("hidden_states.3")));
    }

    [Fact]
    public void A_dump_of_a_text_just_long_enough_holds_the_states_that_its_images_were_made_from()
    {
        using DisposeScope scope = NewDisposeScope();
        using SafetensorsFile dump = Dump("--layers", "3", "--norm", "none", "--max-sequence-length", "fit");
        long length = dump.Entries["input_ids"].Shape[1];
        Assert.InRange(length, 5, 20);
        Assert.Equal([1, length, 32], dump.Entries["hidden_states.3"].Shape);
        Assert.True(dump.Read("lens.3").Equals(dump.Read("hidden_states.3")));
    }

    [Fact]
    public void A_negative_prompt_and_a_size_change_the_images()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor plain, negative;
        using (SafetensorsFile dump = Dump("--layers", "5"))
        {
            plain = dump.Read("image.layer5.seed0");
        }

        using (SafetensorsFile dump = Dump("--layers", "5", "--negative", "a blue star"))
        {
            negative = dump.Read("image.layer5.seed0");
        }

        Assert.False(plain.Equals(negative));
        using SafetensorsFile wide = Dump("--layers", "5", "--height", "32", "--width", "64");
        Assert.Equal([3, 32, 64], wide.Entries["image.layer5.seed0"].Shape);
    }

    [Fact]
    public void The_strip_has_a_column_a_layer_and_a_row_a_seed()
    {
        Dump("--layers", "0,5", "--seeds", "0").Dispose();
        using SKBitmap small = SKBitmap.Decode(Image);
        Dump("--layers", "0,3,5", "--seeds", "0,1").Dispose();
        using SKBitmap large = SKBitmap.Decode(Image);

        Assert.True(large.Width > small.Width && large.Height > small.Height);
        Assert.Equal(["dump.safetensors", "strip.png"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Texts_beside_a_prompt_that_end_behind_its_last_token_are_named()
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(
            [
                "lens", "a", "--negative", "a blur", "--source", "a star", "--max-sequence-length", "fit", "--model", Model,
                "--layers", "5", "--steps", "1", "--out", Image,
            ],
            new Terminal(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));
        Assert.Contains("\"a blur\" is cut off from \"blur\" on: 1 of its ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"a star\" is cut off from \"star\" on: 1 of its ", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, code);
    }

    private string Image => Path.Combine(_folder, "strip.png");

    private SafetensorsFile Dump(params string[] options)
    {
        string dump = Path.Combine(_folder, "dump.safetensors");
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(
            ["lens", "a red car", "--model", Model, "--steps", "2", "--out", Image, "--dump", dump, .. options],
            new Terminal(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));
        Assert.Equal(
            options.Contains("float16"),
            error.ToString().StartsWith("--dtype float16: takes about 15 times", StringComparison.Ordinal));
        Assert.Equal(options.Contains("float16") ? 1 : 0, error.ToString().Count(letter => letter == '\n'));
        Assert.Equal(ExitCode.Done, code);
        return SafetensorsFile.Open(dump);
    }

    // The first column of the table below "lens --dump".
    private static IEnumerable<string> NamesInReadme() => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "README.md"))
        .SkipWhile(line => !line.StartsWith("`lens --dump`", StringComparison.Ordinal))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Split('`')[1]);

    [GeneratedRegex(@"\\{[ls]}")]
    private static partial Regex Location();
}
