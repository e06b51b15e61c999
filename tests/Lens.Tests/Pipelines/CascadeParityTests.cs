using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>
/// Prompt to image through DeepFloyd IF's stages, against diffusers' own pipelines with their text embeddings replaced by the lens's.
/// </summary>
public sealed class CascadeParityTests
{
    private const ulong Seed = 3;

    private static readonly SamplerSettings Small = new() { Steps = 6, Guidance = 7, SuperResolution = null };
    private static readonly SamplerSettings Cascade = Small with { SuperResolution = new(Steps: 4) };

    public static TheoryData<string, Agreement> Runs
    {
        get
        {
            TheoryData<string, Agreement> runs = [];
            foreach (object[] agreement in Agreement.Each.Cast<object[]>())
            {
                foreach (string sampler in new[] { "ddpm", "dpmsolver++" })
                {
                    runs.Add(sampler, (Agreement)agreement[0]);
                }
            }

            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Stage_I_makes_diffusers_images_of_every_layer(string sampler, Agreement agreement)
        => AssertSame("", sampler, sampler, [Reference.PathOf(Reference.StageI)], Small, agreement);

    [Theory]
    [MemberData(nameof(Agreement.Each), MemberType = typeof(Agreement))]
    public void Both_stages_make_diffusers_images_of_every_layer(Agreement agreement)
        => AssertSame(
            "stage_II.", "ddpm", "ddpm", [Reference.PathOf(Reference.StageI), Reference.PathOf(Reference.StageII)], Cascade, agreement);

    [Theory]
    [MemberData(nameof(Runs))]
    public void Without_a_threshold_images_are_diffusers_too(string sampler, Agreement agreement)
    {
        using TemporaryFolder folder = new();
        SmallCascade.CopyTo(folder);
        string config = "stage_I/scheduler/scheduler_config.json";
        SmallCascade.Change(folder, config, "thresholding", "false");
        if (sampler == "dpmsolver++")
        {
            // Where nothing bounds the image, the reference does not begin at t = 999, at which there is none.
            SmallCascade.Change(folder, config, "timestep_spacing", "\"leading\"");
            SmallCascade.Change(folder, config, "steps_offset", "1");
        }

        AssertSame("", $"{sampler}.no_threshold", sampler, [folder["stage_I"]], Small with { Guidance = 2 }, agreement);
    }

    [Theory]
    [InlineData("layer5.noise.0.initial", 3, 16, 0)]
    [InlineData("layer5.noise.2.step", 3, 16, 2)]
    [InlineData("stage_II.layer5.noise.0.initial", 4, 32, 0)]
    [InlineData("stage_II.layer5.noise.1.upscaled", 4, 32, 1)]
    [InlineData("stage_II.layer0.noise.4.step", 4, 32, 4)]
    public void Each_stage_draws_in_diffusers_order_from_a_seed_of_its_own(string name, ulong seed, long side, int before)
    {
        using DisposeScope scope = NewDisposeScope();
        using DiffusionLens.Runtime.Noise noise = new(seed);
        Tensor[] draws = [.. Enumerable.Range(0, before + 1).Select(_ => noise.Next(1, 3, side, side))];
        TensorAssert.Close(draws[^1], Reference.Load("if", "images.ddpm")[name], 1e-6);
    }

    private static void AssertSame(
        string prefix, string file, string scheduler, string[] folders, SamplerSettings settings, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("if", $"images.{file}", agreement.Precision);
        using TextToImageModel model = TextToImageModel.Load(folders, new LoadOptions(agreement.DType));
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        int[] layers = [.. Enumerable.Range(0, 6).Where(layer => expected.ContainsKey($"{prefix}layer{layer}.image"))];
        Assert.NotEmpty(layers);
        IReadOnlyList<LensImage> images = lens.Images(
            encoding, [.. layers.Select(layer => new LensSite(layer))], [Seed], settings with { Scheduler = scheduler });
        Assert.Equal(layers, images.Select(image => image.Key.Site.Layer));
        (double raw, double pixels) = Tolerance(agreement, file);
        foreach (LensImage image in images)
        {
            string name = $"{prefix}layer{image.Key.Site.Layer}";
            Assert.Equal((agreement.DType, agreement.DType), (image.Latents.dtype, image.Pixels.dtype));
            TensorAssert.Close(image.Latents.unsqueeze(0), expected[$"{name}.raw_image"], raw, name);
            Assert.InRange(
                expected[$"{name}.image"].sub(image.Pixels.unsqueeze(0).to(ScalarType.Float64)).abs().max().item<double>(), 0, pixels);
        }
    }

    /// <summary>
    /// Against the libraries as they are, whose tables are float32: 1 - ᾱ at small t keeps three digits there, and with it DDPM's images.
    /// </summary>
    private static (double Raw, double Pixels) Tolerance(Agreement agreement, string file)
        => agreement.Precision == Reference.Double ? (1e-11, 1e-11)
            : file.StartsWith("ddpm", StringComparison.Ordinal) ? (3e-4, 3e-4)
            : agreement.DType == ScalarType.Float64 ? (1e-5, 1e-5)
            : (1e-4, 1e-4);
}
