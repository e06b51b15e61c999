using DiffusionLens.Schedulers;

namespace DiffusionLens.Tests.Schedulers;

public class SchedulerConfigTests
{
    [Theory]
    [InlineData("ddim", 8)]
    [InlineData("pndm", 8)]
    [InlineData("ddpm", 8)]
    [InlineData("dpmsolver++", 9)]
    [InlineData("euler", 9)]
    public void A_file_without_a_timestep_spacing_leaves_each_class_its_own(string name, double first)
    {
        using Scheduler scheduler = Scheduler.Create(name, SchedulerConfigs.Of("num_train_timesteps=10 skip_prk_steps=true"), 5);
        Assert.Equal(first, scheduler.Timesteps[0]);
    }

    [Fact]
    public void Betas_that_the_file_lists_are_taken_as_they_are()
    {
        double[] alphas = NoiseSchedule.AlphasCumprod(SchedulerConfigs.Of("num_train_timesteps=3 trained_betas=[0.1,0.2,0.5]"));
        Assert.Equal([0.9, 0.72, 0.36], alphas.Select(alpha => Math.Round(alpha, 12)));
    }

    [Theory]
    [InlineData("ddim", "prediction_type=flow_prediction", "prediction_type")]
    [InlineData("pndm", "prediction_type=sample", "prediction_type")]
    [InlineData("ddim", "beta_schedule=sigmoid", "beta_schedule")]
    [InlineData("ddim", "beta_start=small", "beta_start")]
    [InlineData("ddim", "num_train_timesteps=10 trained_betas=[0.1]", "trained_betas")]
    [InlineData("ddim", "timestep_spacing=uneven", "timestep_spacing")]
    [InlineData("dpmsolver++", "solver_order=4", "solver_order")]
    [InlineData("dpmsolver++", "algorithm_type=sde-dpmsolver final_sigmas_type=sigma_min solver_order=3", "solver_order")]
    [InlineData("dpmsolver++", "algorithm_type=dpmsolver", "final_sigmas_type")]
    [InlineData("dpmsolver++", "solver_type=bh3", "solver_type")]
    [InlineData("dpmsolver++", "use_karras_sigmas=true use_lu_lambdas=true", "use_karras_sigmas and use_lu_lambdas")]
    [InlineData("dpmsolver++", "prediction_type=flow_prediction", "use_flow_sigmas")]
    [InlineData("dpmsolver++", "algorithm_type=dpmsolver final_sigmas_type=sigma_min use_flow_sigmas=true", "algorithm_type")]
    [InlineData("ddpm", "variance_type=fixed_large_log", "variance_type")]
    [InlineData("ddim", "eta=1.5", "eta")]
    [InlineData("ddim", "rescale_betas_zero_snr=true timestep_spacing=trailing", "rescale_betas_zero_snr")]
    [InlineData("ddim", "beta_schedule=exp", "beta_schedule")]
    [InlineData("euler", "timestep_type=cubic", "timestep_type")]
    [InlineData("euler_ancestral", "prediction_type=sample", "prediction_type")]
    [InlineData("kdpm2", "prediction_type=sample", "prediction_type")]
    [InlineData("kdpm2_ancestral", "prediction_type=sample", "prediction_type")]
    [InlineData("heun", "beta_schedule=sigmoid", "beta_schedule")]
    [InlineData("lms", "order=5", "order")]
    [InlineData("lcm", "original_inference_steps=2000", "original_inference_steps")]
    [InlineData("lcm", "rescale_betas_zero_snr=true", "rescale_betas_zero_snr")]
    [InlineData("tcd", "eta=-1", "eta")]
    [InlineData("deis", "solver_order=4", "solver_order")]
    [InlineData("deis", "algorithm_type=sde-dpmsolver++", "algorithm_type")]
    [InlineData("unipc", "solver_type=bh1", "solver_type 'bh1' with final_sigmas_type 'zero'")]
    [InlineData("unipc", "predict_x0=false", "predict_x0 false with final_sigmas_type 'zero'")]
    [InlineData("unipc", "lower_order_final=false", "lower_order_final false with final_sigmas_type 'zero'")]
    [InlineData("unipc", "solver_p=ddim", "solver_p")]
    [InlineData("unipc", "shift_terminal=0.1", "shift_terminal")]
    [InlineData("unipc", "use_beta_sigmas=true use_flow_sigmas=true", "use_beta_sigmas and use_flow_sigmas")]
    [InlineData("unipc", "use_flow_sigmas=true use_dynamic_shifting=true", "use_dynamic_shifting")]
    [InlineData("dpmsolver_singlestep", "solver_order=4", "solver_order")]
    [InlineData("dpmsolver_singlestep", "algorithm_type=sde-dpmsolver", "algorithm_type")]
    [InlineData("flow_match_heun", "_class_name=DDIMScheduler", "no rectified flow")]
    [InlineData("ddim", "_class_name=FlowMatchEulerDiscreteScheduler", "flow_match_euler")]
    [InlineData("ddpm", "variance_type=learned", "variance_type")]
    [InlineData("flow_match_euler", "use_dynamic_shifting=true", "use_dynamic_shifting")]
    [InlineData("flow_match_euler", "use_karras_sigmas=true use_beta_sigmas=true", "use_karras_sigmas and use_beta_sigmas")]
    [InlineData("flow_match_euler", "use_dynamic_shifting=true time_shift_type=cubic", "time_shift_type")]
    public void What_is_not_supported_is_refused_by_its_key(string name, string settings, string key)
    {
        BadInputException error = Assert.Throws<BadInputException>(() => Scheduler.Create(name, SchedulerConfigs.Of(settings), 5));
        Assert.StartsWith("scheduler_config.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ddim", "", 0)]
    [InlineData("ddim", "", 1001)]
    [InlineData("ddim", "steps_offset=1", 1000)]
    [InlineData("pndm", "", 3)]
    [InlineData("lcm", "", 51)]
    [InlineData("tcd", "original_inference_steps=4", 5)]
    [InlineData("flow_match_euler", "", 0)]
    [InlineData("flow_match_heun", "", 0)]
    [InlineData("unipc", "use_karras_sigmas=true", 0)]
    [InlineData("dpmsolver_singlestep", "", 1001)]
    [InlineData("ddim", "timestep_spacing=trailing", 61)]
    [InlineData("ddpm", "timestep_spacing=trailing", 122)]
    [InlineData("pndm", "timestep_spacing=trailing skip_prk_steps=true", 976)]
    public void Steps_that_cannot_be_made_are_refused(string name, string settings, int steps)
        => Assert.StartsWith(
            $"steps is {steps}",
            Assert.Throws<BadInputException>(() => Scheduler.Create(name, SchedulerConfigs.Of(settings), steps)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(48, 3, 936)]
    [InlineData(48, 15, 686)]
    [InlineData(48, 27, 436)]
    [InlineData(48, 39, 186)]
    [InlineData(96, 18, 812)]
    [InlineData(96, 90, 62)]
    [InlineData(50, 3, 939)]
    public void A_trailing_timestep_at_a_half_is_rounded_as_numpys_stride_says(int steps, int index, double timestep)
    {
        using Scheduler scheduler = Scheduler.Create("ddim", SchedulerConfigs.Of("timestep_spacing=trailing"), steps);
        Assert.Equal(timestep, scheduler.Timesteps[index]);
    }

    [Theory]
    [InlineData("euler", 61)]
    [InlineData("euler", 122)]
    [InlineData("euler", 244)]
    [InlineData("euler", 488)]
    [InlineData("euler", 976)]
    [InlineData("euler_ancestral", 61)]
    [InlineData("lms", 61)]
    [InlineData("dpmsolver++", 61)]
    [InlineData("unipc", 61)]
    [InlineData("deis", 61)]
    public void The_timestep_too_many_of_trailing_has_the_least_noise(string name, int steps)
    {
        SchedulerConfig config = SchedulerConfigs.Of("timestep_spacing=trailing");
        using Scheduler scheduler = Scheduler.Create(name, config, steps);
        Assert.Equal(steps + 1, scheduler.Timesteps.Count);
        Assert.Equal(-1, scheduler.Timesteps[^1]);
        Assert.Equal(SigmaTable.Of(config).Smallest, scheduler.Sigmas![steps]);
    }

    [Theory]
    [InlineData("heun")]
    [InlineData("kdpm2")]
    [InlineData("kdpm2_ancestral")]
    public void The_timestep_too_many_of_trailing_is_a_step_of_two_calls_too(string name)
    {
        using Scheduler scheduler = Scheduler.Create(name, SchedulerConfigs.Of("timestep_spacing=trailing"), 61);
        Assert.Equal(123, scheduler.Timesteps.Count);
        Assert.Equal(-1, scheduler.Timesteps[^1]);
    }

    [Fact]
    public void Continuous_timesteps_of_a_velocity_are_a_quarter_of_the_noises_logarithm()
    {
        SchedulerConfig config = SchedulerConfigs.Of("timestep_type=continuous prediction_type=v_prediction");
        using Scheduler scheduler = Scheduler.Create("euler", config, 10);
        Assert.Equal(scheduler.Sigmas!.SkipLast(1).Select(sigma => Math.Log(sigma) / 4), scheduler.Timesteps);
        Assert.True(scheduler.Timesteps[0] > 0 && scheduler.Timesteps[^1] < 0);
    }

    [Fact]
    public void Levels_below_no_noise_are_refused()
        => Assert.Contains(
            "below 0",
            Assert.Throws<BadInputException>(() => Scheduler.Create(
                "flow_match_euler",
                SchedulerConfigs.Of(
                    "_class_name=FlowMatchEulerDiscreteScheduler use_karras_sigmas=true sigma_max=2 invert_sigmas=true"),
                5)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("use_karras_sigmas=true")]
    [InlineData("use_exponential_sigmas=true")]
    [InlineData("use_beta_sigmas=true")]
    public void One_step_begins_at_the_largest_noise_however_levels_are_spaced(string spacing)
    {
        using Scheduler spaced = Scheduler.Create("euler", SchedulerConfigs.Of($"timestep_spacing=trailing {spacing}"), 1);
        using Scheduler given = Scheduler.Create("heun", SchedulerConfigs.Of($"timestep_spacing=trailing sigma_max=10 {spacing}"), 1);
        Assert.Equal(SigmaTable.Of(SchedulerConfigs.Of("")).Largest, spaced.Sigmas![0], 1e-9);
        Assert.Equal(10, given.Sigmas![0], 1e-12);
    }

    [Fact]
    public void Lu_levels_go_through_the_whole_table_whatever_the_file_says_of_its_ends()
    {
        using Scheduler free = Scheduler.Create("dpmsolver++", SchedulerConfigs.Of("use_lu_lambdas=true"), 5);
        using Scheduler bound = Scheduler.Create(
            "dpmsolver++", SchedulerConfigs.Of("use_lu_lambdas=true sigma_min=0.5 sigma_max=5"), 5);
        Assert.Equal(free.Sigmas, bound.Sigmas);
        Assert.Equal(SigmaTable.Of(SchedulerConfigs.Of("")).Largest, bound.Sigmas![0], 1e-9);
    }

    [Theory]
    [InlineData("dpmsolver++", "algorithm_type=DPMSolver++", "dpmsolver++, dpmsolver, sde-dpmsolver++, sde-dpmsolver, deis")]
    [InlineData("dpmsolver++", "solver_type=Heun", "midpoint, heun, logrho, bh1, bh2")]
    [InlineData("dpmsolver++", "final_sigmas_type=Zero", "zero, sigma_min")]
    [InlineData("ddim", "timestep_spacing=Leading", "linspace, leading, trailing")]
    [InlineData("ddim", "prediction_type=Epsilon", "epsilon, v_prediction, sample")]
    [InlineData("ddim", "beta_schedule=Linear", "linear, scaled_linear, squaredcos_cap_v2")]
    [InlineData("ddpm", "variance_type=Fixed_Large", "fixed_small, fixed_small_log, fixed_large, learned_range")]
    public void A_word_in_another_letter_case_is_refused_with_the_words_there_are(string name, string setting, string words)
    {
        string message = Assert.Throws<BadInputException>(() => Scheduler.Create(name, SchedulerConfigs.Of(setting), 5)).Message;
        Assert.StartsWith($"scheduler_config.json: {setting.Split('=')[0]} is ", message, StringComparison.Ordinal);
        Assert.EndsWith($", which is not supported; supported: {words}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_scheduler_is_refused_with_the_known_ones()
        => Assert.Contains(
            "dpmsolver++, ddim, pndm, euler, ddpm, euler_ancestral, unipc, deis, heun, lms, kdpm2, kdpm2_ancestral, lcm, tcd, "
            + "dpmsolver_singlestep, flow_match_euler, flow_match_heun",
            Assert.Throws<BadInputException>(() => Scheduler.Create("no_such", SchedulerConfigs.Of(""), 5)).Message,
            StringComparison.Ordinal);
}
