using System.Text.Json;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Schedulers;

/// <summary>Every case of cases.json, step by step on its toy model.</summary>
public class SchedulerReferenceTests
{
    private static readonly string[] LaterClasses = [
        "EulerAncestralDiscreteScheduler", "UniPCMultistepScheduler", "DEISMultistepScheduler", "HeunDiscreteScheduler",
        "LMSDiscreteScheduler", "KDPM2DiscreteScheduler", "KDPM2AncestralDiscreteScheduler", "LCMScheduler", "TCDScheduler",
        "DPMSolverSinglestepScheduler"];
    private static readonly string[] LaterOptions = ["exponential.", "beta.", "dpm++.2m.lu", "dpm++.2m.flow", "log_linear", "continuous"];
    private static readonly JsonElement Cases = JsonSerializer.Deserialize<JsonElement>(
        File.ReadAllText(Reference.PathOf("schedulers", "expected", "cases.json"))).GetProperty("cases");

    public static TheoryData<string> Names()
        => [.. Cases.EnumerateObject().Where(item => !LaterClasses.Contains(item.Value.GetProperty("class").GetString()))
            .Where(item => item.Name.StartsWith("flow.", StringComparison.Ordinal) || !LaterOptions.Any(item.Name.Contains))
            .Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void In_float64_every_step_agrees_with_the_reference(string name)
    {
        Assert.InRange(LargestError(name, Reference.Double, ScalarType.Float64), 0, 1e-12);
        Assert.InRange(LargestError(name, Reference.AsTheyAre, ScalarType.Float64), 0, 2e-5);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void In_float32_every_step_agrees_with_the_reference(string name)
        => Assert.InRange(LargestError(name, Reference.Double, ScalarType.Float32), 0, 1e-4);

    [Theory]
    [MemberData(nameof(Names))]
    public void Timesteps_and_sigmas_are_the_references(string name)
    {
        using SafetensorsFile file = Steps(Reference.Double);
        using Scheduler scheduler = Create(Cases.GetProperty(name));
        AssertClose(file, $"{name}.timesteps", scheduler.Timesteps);
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
        for (int stepIndex = 0; stepIndex < scheduler.Timesteps.Count; stepIndex++)
        {
            Tensor input = scheduler.ScaleModelInput(sample, stepIndex);
            Tensor output = ToyModel(input, scheduler.Timesteps[stepIndex], learnsVariance);
            sample = scheduler.Step(output, stepIndex, sample, stepIndex < noise?.shape[0] ? noise![stepIndex] : null);
            Assert.Equal(type, sample.dtype);
            error = Math.Max(error, TensorAssert.RelativeError(sample, steps[stepIndex]));
        }

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

    private static Scheduler Create(JsonElement item)
    {
        JsonElement values = item.GetProperty("config");
        SchedulerConfig config = SchedulerConfig.Parse(values, "cases.json");
        if (values.TryGetProperty("lambda_min_clipped", out JsonElement clipped) && clipped.ValueKind == JsonValueKind.String)
        {
            config = config.With("lambda_min_clipped", "-Infinity");
        }

        int steps = item.GetProperty("steps").GetInt32();
        JsonElement step = item.GetProperty("step");
        double eta = step.TryGetProperty("eta", out JsonElement given) ? given.GetDouble() : 0;
        return item.GetProperty("class").GetString() switch
        {
            "DDIMScheduler" => new DdimScheduler(config, steps, eta, step.TryGetProperty("use_clipped_model_output", out _)),
            "PNDMScheduler" => new PndmScheduler(config, steps),
            "DPMSolverMultistepScheduler" => new DpmSolverMultistepScheduler(config, steps),
            "DDPMScheduler" => new DdpmScheduler(config, steps),
            "EulerDiscreteScheduler" => new EulerDiscreteScheduler(config, steps),
            "FlowMatchEulerDiscreteScheduler" => new FlowMatchEulerDiscreteScheduler(config, steps, PipelineOf(item)),
            "FlowMatchHeunDiscreteScheduler" => new FlowMatchHeunDiscreteScheduler(config, steps),
            string other => throw new NotSupportedException(other),
            _ => throw new NotSupportedException(),
        };
    }
}
