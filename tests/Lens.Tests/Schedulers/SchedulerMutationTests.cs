using System.Text.Json;
using DiffusionLens.Schedulers;
using DiffusionLens.Tests.Configs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Schedulers;

/// <summary>Every sampler with keys of its config set to what does not belong there, alone and several together.</summary>
public sealed class SchedulerMutationTests
{
    private const int Few = 600;

    private static readonly string[] Keys =
    [
        "num_train_timesteps", "beta_start", "beta_end", "steps_offset", "solver_order", "lambda_min_clipped", "sigma_min", "sigma_max",
        "original_inference_steps", "timestep_scaling", "dynamic_thresholding_ratio", "sample_max_value", "clip_sample_range", "shift",
        "flow_shift", "base_shift", "max_shift", "base_image_seq_len", "max_image_seq_len", "shift_terminal", "eta", "order",
        "trained_betas", "disable_corrector",
    ];

    private static readonly string[] Numbers =
    [
        "-1", "0", "1", "2", "3", "4", "5", "10", "100", "999", "1000", "1001", "65537", "1000000", "2147483647", "2147483648", "1e9",
        "1e999", "0.5", "0.9999", "0.00001", "1e-9", "1e-30", "-0.5", "\"-Infinity\"", "\"NaN\"", "null", "\"x\"", "[]", "[0.1]", "{}",
        "[0, 1, 2]", "true",
    ];

    private static readonly string[] Flags =
    [
        "use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas", "use_lu_lambdas", "use_flow_sigmas", "rescale_betas_zero_snr",
        "thresholding", "clip_sample", "set_alpha_to_one", "skip_prk_steps", "lower_order_final", "euler_at_final", "use_dynamic_shifting",
        "predict_x0", "use_clipped_model_output", "stochastic_sampling", "invert_sigmas",
    ];

    private static readonly (string Key, string[] Words)[] Words =
    [
        ("timestep_spacing", ["\"linspace\"", "\"leading\"", "\"trailing\"", "\"x\"", "1"]),
        ("prediction_type", ["\"epsilon\"", "\"v_prediction\"", "\"sample\"", "\"flow_prediction\"", "null"]),
        ("beta_schedule", ["\"linear\"", "\"scaled_linear\"", "\"squaredcos_cap_v2\"", "\"exp\"", "\"sigmoid\"", "\"x\""]),
        ("final_sigmas_type", ["\"zero\"", "\"sigma_min\""]),
        ("algorithm_type", ["\"dpmsolver\"", "\"dpmsolver++\"", "\"sde-dpmsolver++\"", "\"sde-dpmsolver\"", "\"deis\""]),
        ("solver_type", ["\"midpoint\"", "\"heun\"", "\"bh1\"", "\"bh2\"", "\"logrho\""]),
        ("time_shift_type", ["\"linear\"", "\"exponential\""]),
        ("variance_type", ["\"fixed_small\"", "\"fixed_large\"", "\"learned_range\"", "\"fixed_small_log\""]),
    ];

    public static TheoryData<string> Samplers => [.. Scheduler.Names];

    [Theory]
    [MemberData(nameof(Samplers))]
    public void A_sampler_of_any_config_runs_or_is_refused_in_a_line(string sampler)
    {
        Random random = new(sampler.Sum(letter => letter));
        Mutations.None(
            from config in Mutations.Some(Enumerable.Range(0, 20 * Few).Select(_ => Config(random, sampler)).ToArray(), Few)
            let steps = new[] { 1, 2, 3, 7, 20 }[random.Next(5)]
            let fault = Mutations.Fault(() => Run(sampler, config, steps))
            where fault is not null
            select $"{sampler} {steps} {config}: {fault}");
    }

    private static string Config(Random random, string sampler)
    {
        SortedDictionary<string, string> values = new(StringComparer.Ordinal)
        {
            ["num_train_timesteps"] = "1000",
            ["beta_start"] = "0.00085",
            ["beta_end"] = "0.012",
            ["beta_schedule"] = "\"scaled_linear\"",
        };
        if (sampler.StartsWith("flow", StringComparison.Ordinal))
        {
            values["_class_name"] = "\"FlowMatchEulerDiscreteScheduler\"";
        }

        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            values[Keys[random.Next(Keys.Length)]] = Numbers[random.Next(Numbers.Length)];
        }

        for (int changes = random.Next(3); changes > 0; changes--)
        {
            values[Flags[random.Next(Flags.Length)]] = random.Next(4) > 0 ? "true" : "false";
        }

        if (random.Next(2) > 0)
        {
            (string key, string[] words) = Words[random.Next(Words.Length)];
            values[key] = words[random.Next(words.Length)];
        }

        return $"{{{string.Join(", ", values.Select(pair => $"\"{pair.Key}\": {pair.Value}"))}}}";
    }

    private static void Run(string sampler, string config, int steps)
    {
        using DisposeScope scope = NewDisposeScope();
        SchedulerConfig parsed = SchedulerConfig.Parse(JsonElement.Parse(config), "scheduler_config.json");
        using Scheduler scheduler = Scheduler.Create(sampler, parsed, steps);
        Tensor sample = full([1, 4, 2, 2], 0.5, ScalarType.Float32);
        int channels = scheduler.ReadsVariance ? 2 : 1;
        for (int step = 0; step < scheduler.Timesteps.Count; step++)
        {
            Tensor answer = scheduler.ScaleModelInput(sample, step).repeat(1, channels, 1, 1).mul(0.1f);
            sample = scheduler.Step(answer, step, sample, scheduler.DrawsNoise(step) ? ones_like(sample) : null);
        }

        Assert.True(
            sample.isfinite().all().item<bool>() || config.Contains("rescale_betas_zero_snr", StringComparison.Ordinal),
            "the sample is not finite");
    }
}
