using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Configs;

/// <summary>Every number and word of every config of every family's small model, changed into what does not belong there.</summary>
[Collection(nameof(ConfigMutationTests))]
public sealed class ConfigMutationTests
{
    private const int Few = 40;

    [Theory]
    [InlineData("sd1")]
    [InlineData("sd2")]
    [InlineData("later/sdxl")]
    [InlineData("later/sd3")]
    [InlineData("later/flux")]
    [InlineData("klein")]
    [InlineData("zimage")]
    [InlineData("qwen_image")]
    [InlineData("pixart")]
    [InlineData("sana")]
    [InlineData("if")]
    public void A_model_with_anything_of_its_configs_changed_makes_an_image_or_is_refused_in_a_line(string pipeline)
    {
        using TemporaryFolder folder = Linked(pipeline);
        string[] configs = [.. Directory.EnumerateFiles(folder.Path, "*.json", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) is "config.json" or "scheduler_config.json" or "model_index.json")
            .Order(StringComparer.Ordinal)];
        Assert.Null(Mutations.Fault(() => Use(pipeline, folder.Path)));

        Mutations.None(
            from change in Mutations.Some(
                from config in configs from mutation in JsonMutations.Of(File.ReadAllText(config)) select (config, mutation), Few)
            let fault = FaultOf(change.config, change.mutation)
            where fault is not null
            select $"{pipeline} {Path.GetRelativePath(folder.Path, change.config)}: {Short(change.mutation.What)}: {fault}");

        string? FaultOf(string config, Mutation mutation)
        {
            string whole = File.ReadAllText(config);
            File.WriteAllText(config, mutation.Text);
            try
            {
                return Mutations.Fault(() => Use(pipeline, folder.Path));
            }
            finally
            {
                File.WriteAllText(config, whole);
            }
        }
    }

    private static string Short(string text) => text.Length > 80 ? text[..80] : text;

    private static void Use(string pipeline, string folder)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = TextToImageModel.Load(folder, new LoadOptions(
            ScalarType.Float32, MaxSequenceLength: pipeline is "sd1" or "sd2" or "later/sdxl" or "if" ? null : 24));
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode("a red circle");
        SamplerSettings settings = new()
        {
            Steps = 2,
            Guidance = model.Description.DefaultGuidance,
            Height = pipeline == "if" ? null : 32,
            Width = pipeline == "if" ? null : 32,
        };
        foreach (LensImage image in lens.Images(encoding, [new LensSite(model.LayerCount)], [0], settings))
        {
            Assert.Equal(3, image.Pixels.shape[0]);
        }
    }

    /// <summary>A pipeline's folder whose configs can be changed; the weights are links.</summary>
    private static TemporaryFolder Linked(string pipeline)
    {
        TemporaryFolder folder = new();
        string root = Reference.PathOf(pipeline);
        foreach (string source in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(root, source), part = name.Split(Path.DirectorySeparatorChar)[0];
            if (part.StartsWith("expected", StringComparison.Ordinal) || part.Contains("_sharded", StringComparison.Ordinal)
                || part is "transformer_later" or "transformer_alpha" or "transformer_with_guidance")
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            if (name.EndsWith(".json", StringComparison.Ordinal))
            {
                File.WriteAllBytes(folder[name], File.ReadAllBytes(source));
            }
            else
            {
                File.CreateSymbolicLink(folder[name], source);
            }
        }

        return folder;
    }
}

/// <summary>Not beside other tests: memory is measured.</summary>
[CollectionDefinition(nameof(ConfigMutationTests), DisableParallelization = true)]
public sealed class ConfigMutationTestsDefinition;
