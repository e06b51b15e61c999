using Experiments.Cli;

namespace Experiments.Tests.Cli;

/// <summary>What <c>lens</c> writes and where; each in a folder and a process of its own, since names are relative.</summary>
public sealed class LensFilesTests : IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");

    private static readonly Dictionary<string, string> Environment = new() { ["OMP_NUM_THREADS"] = "1" };

    private readonly string _folder = Directory.CreateTempSubdirectory("lens-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Another_prompt_model_or_seed_is_another_file_and_one_that_is_replaced_is_said()
    {
        Assert.EndsWith("\na-red-car_sd1.png", Lens("a red car").Trim(), StringComparison.Ordinal);
        Assert.EndsWith("\na-red-car_sd1.png (in place of the one that was there)", Lens("a red car").Trim(), StringComparison.Ordinal);
        Lens("A red car!");
        Lens("赤い車");
        Lens("猫");
        Lens("a red car", "--seeds", "18446744073709551615,0");
        Assert.Equal(5, Directory.GetFiles(_folder).Length);
    }

    [SkippableFact]
    public void Devices_pipes_and_links_stay_what_they_are()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        File.CreateSymbolicLink(In("link.png"), "image.png");
        File.CreateSymbolicLink(In("null"), "/dev/null");

        Lens("a car", "--out", "link.png", "--dump", "null");

        Assert.Equal(("image.png", "/dev/null"), (new FileInfo(In("link.png")).LinkTarget, new FileInfo(In("null")).LinkTarget));
        Assert.Equal(0x89, File.ReadAllBytes(In("image.png"))[0]);
    }

    [SkippableFact]
    public void Standard_output_gets_the_bytes_and_no_words()
    {
        Skip.IfNot(OperatingSystem.IsLinux());

        string output = Lens("a car", "--out", "/dev/null", "--dump", "/dev/stdout");

        Assert.Contains("{\"input_ids\":{\"dtype\":\"I64\"", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void An_animation_is_written_beside_the_sheet()
    {
        Lens("a car", "--out", "x.png", "--animation", "x.gif", "--seeds", "0,1");

        Assert.Equal("GIF89a"u8.ToArray(), File.ReadAllBytes(In("x.gif"))[..6]);
        Assert.True(File.Exists(In("x.png")));
        Assert.Contains(
            "--animation x.png: the sheet of images goes there",
            Run("a car", "--out", "x.png", "--animation", "x.png").Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.png", "x.png", "--dump x.png: the sheet of images goes there; give another file")]
    [InlineData("x.png", "./y/../x.png", "the sheet of images goes there")]
    [InlineData("/dev/stdout", "/dev/stdout", "the sheet of images goes there")]
    [InlineData("circle", "d", "circle: cannot be written (Too many levels of symbolic links")]
    [InlineData(".", "d", "--out '.': is no file's name; give one")]
    [InlineData("x.png", "x/", "--dump 'x/': is no file's name; give one")]
    [InlineData("file/x.png", "d", "cannot be written")]
    public void Places_that_cannot_be_written_are_one_line(string sheet, string dump, string error)
    {
        File.WriteAllText(In("file"), "");
        File.CreateSymbolicLink(In("circle"), "circle");

        (int code, string output) = Run("a car", "--out", sheet, "--dump", dump);

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains(error, Assert.Single(output.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(["circle", "file"], Directory.GetFiles(_folder).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public void Latents_that_are_not_finite_end_with_one_line_and_no_file()
    {
        string model = In("m");
        foreach (string source in Directory.EnumerateFiles(Model, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(model, Path.GetRelativePath(Model, source));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(source));
        }

        string weights = Path.Combine(model, "unet", "diffusion_pytorch_model.safetensors");
        byte[] damaged = File.ReadAllBytes(weights);
        damaged.AsSpan(^sizeof(float)..).Fill(0xFF);
        File.WriteAllBytes(weights, damaged);

        (int code, string output) = Run(
            "a car", "--model", model, "--scheduler", "euler", "--scheduler-config", "timestep_spacing=trailing", "--dump", "d");

        Assert.Equal(ExitCode.BadInput, code);
        Assert.StartsWith(
            "dlens-repro: NaN or infinity arose in the denoiser at step 1 of 1",
            Assert.Single(output.TrimEnd().Split('\n')),
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private string In(string name) => Path.Combine(_folder, name);

    private string Lens(string prompt, params string[] options)
    {
        (int code, string output) = Run(prompt, options);
        Assert.True(code == ExitCode.Done, output);
        return string.Join('\n', output.Split('\n').Where(line => !line.StartsWith("titles: ", StringComparison.Ordinal)));
    }

    private (int Code, string Output) Run(string prompt, params string[] options) => ChildProgram.RunIn(
        _folder,
        Environment,
        [
            "cli", "lens", prompt, "--steps", "1", "--layers", "5",
            .. options.Contains("--model") ? [] : new[] { "--model", Model },
            .. options,
        ]);
}
