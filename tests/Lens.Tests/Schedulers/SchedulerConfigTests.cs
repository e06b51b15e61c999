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
    [InlineData("dpmsolver++", "use_lu_lambdas=true", "use_lu_lambdas")]
    [InlineData("dpmsolver++", "use_karras_sigmas=true beta_schedule=squaredcos_cap_v2", "beta_schedule")]
    [InlineData("dpmsolver++", "solver_order=4", "solver_order")]
    [InlineData("dpmsolver++", "algorithm_type=sde-dpmsolver++ solver_order=3", "solver_order")]
    [InlineData("dpmsolver++", "algorithm_type=dpmsolver", "final_sigmas_type")]
    [InlineData("dpmsolver++", "solver_type=bh2", "solver_type")]
    [InlineData("ddpm", "variance_type=learned", "variance_type")]
    [InlineData("euler", "timestep_type=continuous", "timestep_type")]
    [InlineData("euler", "sigma_max=80", "sigma_max")]
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
    public void Steps_that_cannot_be_made_are_refused(string name, string settings, int steps)
        => Assert.StartsWith(
            $"steps is {steps}",
            Assert.Throws<BadInputException>(() => Scheduler.Create(name, SchedulerConfigs.Of(settings), steps)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void An_unknown_scheduler_is_refused_with_the_known_ones()
        => Assert.Contains(
            "dpmsolver++, ddim, pndm, euler, ddpm, flow_match_euler",
            Assert.Throws<BadInputException>(() => Scheduler.Create("no_such", SchedulerConfigs.Of(""), 5)).Message,
            StringComparison.Ordinal);
}
