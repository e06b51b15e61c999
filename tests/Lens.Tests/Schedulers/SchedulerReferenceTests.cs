using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Schedulers;

/// <summary>Every case of cases.json, step by step on its toy model.</summary>
public class SchedulerReferenceTests
{
    /// <summary>
    /// Where float32 tables lead to another first timestep than float64 ones: diffusers runs the former, and so do we.
    /// </summary>
    private static readonly string[] CutByFloat32 = [
        "dpm++.2m.exponential.5", "dpm++.2m.beta.5", "unipc.2.exponential.5", "unipc.2.exponential.20", "unipc.2.beta.5",
        "deis.2.exponential.5", "deis.2.beta.5"];

    /// <summary>How far diffusers' float32 tables carry where it is further than in most cases.</summary>
    private static readonly Dictionary<string, double> Float32Rounding = new(StringComparer.Ordinal)
    {
        // The noise is made of a thresholded image where alpha is nearly 0.
        ["deis.2.threshold.5"] = 1e-3,
        ["deis.2.flow.5"] = 5e-5,
        ["heun.exp_betas.5"] = 5e-5,
    };

    private static readonly JsonElement Cases = JsonSerializer.Deserialize<JsonElement>(
        File.ReadAllText(Reference.PathOf("schedulers", "expected", "cases.json"))).GetProperty("cases");

    public static TheoryData<string> Names() => [.. Cases.EnumerateObject().Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void In_float64_every_step_agrees_with_the_reference(string name)
    {
        bool isCut = CutByFloat32.Contains(name);
        if (isCut || Float32Rounding.ContainsKey(name))
        {
            Assert.InRange(LargestError(name, Reference.AsTheyAre, ScalarType.Float64), 0, Float32Rounding.GetValueOrDefault(name, 2e-5));
        }

        if (!isCut)
        {
            Assert.InRange(LargestError(name, Reference.Double, ScalarType.Float64), 0, name == "deis.2.threshold.5" ? 1e-11 : 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void In_float32_every_step_agrees_with_the_reference(string name)
        => Assert.InRange(
            LargestError(name, CutByFloat32.Contains(name) ? Reference.AsTheyAre : Reference.Double, ScalarType.Float32),
            0,
            Math.Max(Float32Rounding.GetValueOrDefault(name), 1e-4));

    [Theory]
    [MemberData(nameof(Names))]
    public void Timesteps_and_sigmas_are_the_references(string name)
    {
        using SafetensorsFile file = Steps(Reference.Double);
        using Scheduler scheduler = Create(Cases.GetProperty(name));
        if (!CutByFloat32.Contains(name))
        {
            AssertClose(file, $"{name}.timesteps", scheduler.Timesteps);
        }
        else
        {
            using SafetensorsFile cut = Steps(Reference.AsTheyAre);
            AssertClose(cut, $"{name}.timesteps", scheduler.Timesteps);
        }

        if (scheduler.Sigmas is { } sigmas)
        {
            AssertClose(file, $"{name}.sigmas", sigmas);
        }
    }

    [Theory]
    [InlineData("linear", "beta_schedule=linear")]
    [InlineData("scaled_linear.0.00085.0.012", "beta_schedule=scaled_linear beta_start=0.00085 beta_end=0.012")]
    [InlineData(
        "scaled_linear.0.00085.0.012.zero_snr",
        "beta_schedule=scaled_linear beta_start=0.00085 beta_end=0.012 rescale_betas_zero_snr=true")]
    [InlineData("squaredcos_cap_v2", "beta_schedule=squaredcos_cap_v2")]
    public void Alpha_tables_are_the_references(string table, string settings)
    {
        using SafetensorsFile file = Steps(Reference.Double);
        AssertClose(file, $"alphas_cumprod.{table}", NoiseSchedule.RescaledAlphasCumprod(SchedulerConfigs.Of(settings)));
    }

    [Fact]
    public void The_exponential_alpha_table_of_heun_is_the_references()
    {
        using SafetensorsFile file = Steps(Reference.Double);
        BetaDefaults heun = BetaDefaults.StableDiffusionLinear with { Known = [BetaDefaults.Exponential] };
        AssertClose(file, "alphas_cumprod.exp", NoiseSchedule.AlphasCumprod(SchedulerConfigs.Of("beta_schedule=exp"), heun));
    }

    [Theory]
    [InlineData("alphas_cumprod.linear", "beta_schedule=linear")]
    [InlineData("alphas_cumprod.scaled_linear.0.00085.0.012", "beta_schedule=scaled_linear beta_start=0.00085 beta_end=0.012")]
    [InlineData("alphas_cumprod.squaredcos_cap_v2", "beta_schedule=squaredcos_cap_v2")]
    public void The_end_of_a_float32_table_is_torchs_to_the_last_bit(string table, string settings)
    {
        using SafetensorsFile file = Steps(Reference.AsTheyAre);
        using Tensor expected = file.Read(table), last = expected[^1];
        Assert.Equal(last.item<float>(), Float32Table.LastAlphaCumprod(SchedulerConfigs.Of(settings).Reader, BetaDefaults.Ddpm));
    }

    private static SafetensorsFile Steps(string precision)
        => SafetensorsFile.Open(Reference.PathOf("schedulers", precision, "steps.safetensors"));

    private static void AssertClose(SafetensorsFile file, string name, IReadOnlyList<double> values)
    {
        using Tensor expected = file.Read(name), actual = tensor(values.ToArray());
        TensorAssert.Close(actual, expected, 1e-12, name);
    }

    private static double LargestError(string name, string precision, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        using SafetensorsFile file = Steps(precision), inputs = Steps(Reference.Double);
        using Scheduler scheduler = Create(Cases.GetProperty(name));
        bool learnsVariance = name.Contains("learned_range", StringComparison.Ordinal);
        Tensor steps = file.Read($"{name}.steps"), sample = inputs.Read($"{name}.start").Times(scheduler.InitNoiseSigma).to(type);
        Tensor? noise = scheduler.IsStochastic ? inputs.Read($"{name}.noise").to(type) : null;
        Assert.Equal(steps.shape[0], scheduler.Timesteps.Count);

        double error = 0;
        int draws = 0;
        for (int stepIndex = 0; stepIndex < scheduler.Timesteps.Count; stepIndex++)
        {
            Tensor input = scheduler.ScaleModelInput(sample, stepIndex);
            Tensor output = ToyModel(input, scheduler.Timesteps[stepIndex], learnsVariance);
            sample = scheduler.Step(output, stepIndex, sample, scheduler.DrawsNoise(stepIndex) ? noise![draws++] : null);
            Assert.Equal(type, sample.dtype);
            error = Math.Max(error, TensorAssert.RelativeError(sample, steps[stepIndex]));
        }

        Assert.Equal(noise?.shape[0] ?? 0, draws);
        return error;
    }

    /// <summary>The formula in cases.json.</summary>
    private static Tensor ToyModel(Tensor input, double timestep, bool learnsVariance)
    {
        Tensor index = arange(input.NumberOfElements, ScalarType.Float64).reshape(input.shape);
        Tensor answer = input.Times(0.6).PlusScaled(index.Times(3).cos().to(input.dtype), 0.05).Plus(0.1 * Math.Sin(timestep / 100));
        return learnsVariance ? cat([answer, input.tanh()], 1) : answer;
    }

    private static PipelineSchedule PipelineOf(JsonElement item)
    {
        JsonElement said = item.GetProperty("set_timesteps");
        return new PipelineSchedule
        {
            Mu = said.TryGetProperty("mu", out JsonElement mu) ? mu.GetDouble() : null,
            Sigmas = said.TryGetProperty("sigmas", out JsonElement sigmas)
                ? [.. sigmas.EnumerateArray().Select(sigma => sigma.GetDouble())]
                : null,
        };
    }

    /// <summary>What diffusers takes as arguments of step and set_timesteps, a config of ours says.</summary>
    private static Scheduler Create(JsonElement item)
    {
        SchedulerConfig config = SchedulerConfig.Parse(item.GetProperty("config"), "cases.json");
        IEnumerable<JsonProperty> arguments = item.GetProperty("step").EnumerateObject()
            .Concat(item.GetProperty("set_timesteps").EnumerateObject());
        foreach (JsonProperty argument in arguments.Where(argument => argument.Name is not ("mu" or "sigmas")))
        {
            config = config.With(argument.Name, JsonNode.Parse(argument.Value.GetRawText())!);
        }

        string className = item.GetProperty("class").GetString()!;
        SamplerClass kind = SamplerClasses.All.Single(kind => kind.ClassName == className);
        return kind.Make(config, item.GetProperty("steps").GetInt32(), PipelineOf(item));
    }
}
