using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>Prompt to image, against diffusers' own pipeline with its text embeddings replaced by the lens's.</summary>
public sealed class ImageParityTests
{
    private static readonly string[] Samplers = ["dpmsolver++", "dpmsolver++.20", "ddim", "pndm", "euler"];

    /// <summary>Of these there is the last layer alone, without the libraries' float32 islands.</summary>
    private static readonly string[] InDouble = ["euler_ancestral", "unipc", "deis", "heun", "lms"];

    public static TheoryData<string, string, Agreement> Runs
    {
        get
        {
            TheoryData<string, string, Agreement> runs = [];
            foreach (object[] agreement in Agreement.Cases.Cast<object[]>())
            {
                foreach (string sampler in Samplers)
                {
                    runs.Add((string)agreement[0], sampler, (Agreement)agreement[1]);
                }

                if (agreement[1] is Agreement { Precision: Reference.Double } or Agreement { DType: ScalarType.Float32 })
                {
                    InDouble.ToList().ForEach(sampler => runs.Add(
                        (string)agreement[0], sampler, (Agreement)agreement[1] with { Precision = Reference.Double }));
                }
            }

            return runs;
        }
    }

    public static TheoryData<string, string> Trajectories
    {
        get
        {
            TheoryData<string, string> trajectories = [];
            foreach (string pipeline in SmallModel.Names)
            {
                foreach (string sampler in Samplers.Concat(InDouble))
                {
                    trajectories.Add(pipeline, sampler);
                }
            }

            return trajectories;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Latents_and_images_of_every_layer_are_those_of_diffusers(string pipeline, string sampler, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(pipeline, $"images.{sampler}", agreement.Precision);
        Lens lens = new(SmallModel.Load(pipeline, agreement.DType));
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        (string Name, LensSite Site, ulong Seed, double Guidance)[] images =
            [.. expected.Keys.Where(name => name.EndsWith(".image", StringComparison.Ordinal)).Select(Parsed)];
        foreach (var run in images.GroupBy(image => image.Guidance))
        {
            LensSite[] sites = [.. run.Select(image => image.Site).Distinct()];
            ulong[] seeds = [.. run.Select(image => image.Seed).Distinct()];
            IReadOnlyList<LensImage> made = lens.Images(encoding, sites, seeds, Settings(sampler) with { Guidance = run.Key });
            foreach ((string name, LensSite site, ulong seed, _) in run)
            {
                LensImage image = made.Single(image => image.Key == new ImageKey(SmallModel.Prompt, site, seed));
                Assert.Equal((agreement.DType, agreement.DType), (image.Latents.dtype, image.Pixels.dtype));
                (double latents, double pixels) = Tolerance(agreement);
                TensorAssert.Close(
                    image.Latents.unsqueeze(0), expected[name.Replace(".image", ".latents", StringComparison.Ordinal)], latents, name);
                Assert.InRange(expected[name].sub(image.Pixels.unsqueeze(0).to(ScalarType.Float64)).abs().max().item<double>(), 0, pixels);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Trajectories))]
    public void Latents_after_every_call_are_those_of_diffusers(string pipeline, string sampler)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(pipeline, $"images.{sampler}", Reference.Double);
        Tensor trajectory = expected["trajectory"];
        Tensor? noise = expected.SingleOrDefault(entry => entry.Key.EndsWith(".noise", StringComparison.Ordinal)).Value;
        TextToImageModel model = SmallModel.Load(pipeline, ScalarType.Float64);
        ModelFolder folder = ModelFolder.Open(Reference.PathOf(pipeline));
        SchedulerConfig config = SchedulerConfig.Parse(folder.Config("scheduler"), folder.ConfigPath("scheduler"));
        SamplerSettings settings = Settings(sampler);
        using Scheduler scheduler = Scheduler.Create(
            settings.Scheduler!, config.With("skip_prk_steps", true).With("clip_sample", false), settings.Steps);
        using TextConditioning text = Native(SmallModel.Prompt), negative = Native("");

        Tensor sample = model.InitialNoise(0, settings).to(ScalarType.Float64).Times(scheduler.InitNoiseSigma);
        Assert.Equal(trajectory.shape[0], scheduler.Timesteps.Count);
        for (int stepIndex = 0; stepIndex < scheduler.Timesteps.Count; stepIndex++)
        {
            Tensor input = scheduler.ScaleModelInput(sample, stepIndex);
            Tensor without = model.Predict(input, scheduler.Timesteps[stepIndex], negative),
                with = model.Predict(input, scheduler.Timesteps[stepIndex], text);
            Tensor guided = without.PlusScaled(with.sub(without), settings.Guidance);
            sample = scheduler.Step(guided, stepIndex, sample, noise?[stepIndex].to(ScalarType.Float64));
            TensorAssert.Close(sample[0], trajectory[stepIndex], 1e-11, $"step {stepIndex}");
        }

        TextConditioning Native(string prompt) => model.Condition(model.NativeReads(model.Encode(prompt)));
    }

    /// <summary>Against the libraries as they are, which have their tables in float32, the tolerances.</summary>
    private static (double Latents, double Pixels) Tolerance(Agreement agreement)
        => agreement.DType == ScalarType.Float32 ? (1e-4, 1e-4) : agreement.Precision == Reference.Double ? (1e-11, 1e-11) : (2e-5, 1e-5);

    /// <summary><c>layer5.seed0.image</c>, <c>layer2.without_norm.seed0.image</c>, <c>layer5.no_guidance.seed0.image</c>.</summary>
    private static (string Name, LensSite Site, ulong Seed, double Guidance) Parsed(string name)
    {
        string[] parts = name.Split('.');
        SiteNorm norm = parts.Contains("without_norm") ? SiteNorm.None : SiteNorm.Native;
        LensSite site = new(int.Parse(parts[0]["layer".Length..], null)) { Norm = norm };
        return (name, site, ulong.Parse(parts[^2]["seed".Length..], null), parts.Contains("no_guidance") ? 1 : 7.5);
    }

    private static SamplerSettings Settings(string sampler)
        => new()
        {
            Scheduler = sampler.Replace(".20", "", StringComparison.Ordinal),
            Steps = sampler.EndsWith(".20", StringComparison.Ordinal) ? 20 : sampler == "heun" ? 5 : 6,
        };
}
