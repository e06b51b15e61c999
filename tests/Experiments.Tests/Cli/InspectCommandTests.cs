using System.Text.Json;
using Experiments.Cli;
using Experiments.Console;

namespace Experiments.Tests.Cli;

public sealed class InspectCommandTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly string _folder = Directory.CreateTempSubdirectory("inspect-").FullName;

    private string Model => Path.Combine(_folder, "small");

    public InspectCommandTests() => CopyFolder(Path.Combine(AppContext.BaseDirectory, "reference", "sd1"), Model);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_card_fits_a_screen_and_says_what_the_model_is()
    {
        File.WriteAllText(Path.Combine(Model, "vae", "diffusion_pytorch_model.bin"), "");
        (int code, string output, string error) = Inspect(Model);

        Assert.Equal((ExitCode.Done, ""), (code, error));
        string[] lines = output.TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 10, 40);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 140));
        Assert.StartsWith("small  Stable Diffusion (StableDiffusionPipeline), layers 0 to 5", output, StringComparison.Ordinal);
        AssertLine("text_encoder", "CLIPTextModel", "model.safetensors", "float16");
        AssertLine("reads", "h^5 of text_encoder (5 blocks, causal mask), through its final norm, all positions, padding too");
        AssertLine("pooled", "nothing");
        AssertLine("guidance", "7.5");
        AssertLine("tokenizer", "692 pieces, 77 tokens", "vocab.json");
        AssertLine("sampler", "PNDMScheduler", "beta_schedule scaled_linear");
        AssertLine("ignored", "vae/diffusion_pytorch_model.bin: a pickle");

        void AssertLine(string name, params string[] says)
        {
            Assert.Contains(lines, line => line.TrimStart().StartsWith(name, StringComparison.Ordinal));
            Assert.All(says, part => Assert.Contains(part, output, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_a_cascade_of_two_folders_in_one_says_of_itself_is_read_in_the_outer_one()
    {
        (_, string card, _) = Inspect("mini-if");
        (_, string json, _) = Inspect("mini-if", "--json");

        Assert.Contains("words of mini, answered by mini-recognizer", card, StringComparison.Ordinal);
        Assert.Equal("mini", JsonDocument.Parse(json).RootElement.GetProperty("lexicon").GetString());
    }

    [Fact]
    public void Json_has_what_the_card_has_and_more()
    {
        (int code, string output, string error) = Inspect(Model, "--json");

        Assert.Equal((ExitCode.Done, ""), (code, error));
        JsonElement model = JsonDocument.Parse(output).RootElement;
        Assert.Equal("small", model.GetProperty("name").GetString());
        Assert.Equal("causal", model.GetProperty("encoders")[0].GetProperty("mask").GetString());
        Assert.Equal(5, model.GetProperty("reads")[0].GetProperty("layer").GetInt32());
        Assert.Equal(0, model.GetProperty("errors").GetArrayLength());
        JsonElement unet = Part("unet"), scheduler = Part("scheduler");
        Assert.Equal("UNet2DConditionModel", unet.GetProperty("class").GetString());
        Assert.Equal(
            unet.GetProperty("bytes").GetInt64(), 2 * unet.GetProperty("dtypes").GetProperty("float16").GetInt64());
        Assert.Equal(1000, scheduler.GetProperty("config").GetProperty("num_train_timesteps").GetInt32());

        JsonElement Part(string name)
            => model.GetProperty("parts").EnumerateArray().Single(part => part.GetProperty("name").GetString() == name);
    }

    [Fact]
    public void A_model_that_cannot_be_loaded_is_told_with_all_else_that_is_known_of_it()
    {
        File.Delete(Path.Combine(Model, "unet", "diffusion_pytorch_model.safetensors"));
        (int code, string output, string error) = Inspect(Model);

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("unet", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Contains("CLIPTextModel", output, StringComparison.Ordinal);
        Assert.Contains("cannot be read", output, StringComparison.Ordinal);
        Assert.Contains("wrong", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_assumed_is_said()
    {
        string config = Path.Combine(Model, "unet", "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"0.39.0\"", "\"0.6.0\"", StringComparison.Ordinal));
        string vae = Path.Combine(Model, "vae", "diffusion_pytorch_model");
        File.Move($"{vae}.safetensors", $"{vae}.fp16.safetensors");

        string output = Inspect(Model).Output;

        Assert.Contains("unet: sample_size 16 is taken as 64, as of diffusers before 0.9", output, StringComparison.Ordinal);
        Assert.Contains("vae: only variant fp16 is there, and taken", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models--acme--tiny-sd")]
    [InlineData("")]
    [InlineData($"models--acme--tiny-sd/snapshots/{Commit}")]
    public void A_model_of_the_hubs_cache_has_its_own_name_however_it_is_given(string path)
    {
        MakeHub();
        AssertIsTinySd(Inspect(Path.Combine(_folder, "hub", path)));
    }

    [Fact]
    public void A_model_of_the_hubs_cache_is_found_by_owner_and_name()
    {
        MakeHub();
        string? before = Environment.GetEnvironmentVariable("HF_HUB_CACHE");
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", Path.Combine(_folder, "hub"));
        try
        {
            AssertIsTinySd(Inspect("acme/tiny-sd"));
            (int code, _, string error) = Inspect("acme/other");
            Assert.Equal(ExitCode.BadInput, code);
            Assert.Contains("'hf download acme/other' gets it", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HF_HUB_CACHE", before);
        }
    }

    [Fact]
    public void A_variant_that_no_part_has_is_refused()
    {
        (int code, _, string error) = Inspect(Model, "--variant", "FP16");
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("no part has weights of variant 'FP16'", error, StringComparison.Ordinal);
    }

    private static void AssertIsTinySd((int Code, string Output, string Error) outcome)
    {
        Assert.Equal((ExitCode.Done, ""), (outcome.Code, outcome.Error));
        Assert.StartsWith("acme--tiny-sd  Stable Diffusion", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"acme/tiny-sd in the hub's cache, commit {Commit}", outcome.Output, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Inspect(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        Terminal terminal = new(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None);
        int code = CommandLine.Run(["inspect", .. arguments], terminal);
        return (code, output.ToString(), error.ToString());
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private void MakeHub()
    {
        string model = Path.Combine(_folder, "hub", "models--acme--tiny-sd");
        CopyFolder(Model, Path.Combine(model, "snapshots", Commit));
        Directory.CreateDirectory(Path.Combine(model, "snapshots", new string('f', 40)));
        Directory.CreateDirectory(Path.Combine(model, "refs"));
        File.WriteAllText(Path.Combine(model, "refs", "main"), Commit);
    }
}
