using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Schedulers;

/// <summary>diffusers' third order steps of sde-dpmsolver++ against their formulas, in one number.</summary>
public sealed class StochasticThirdOrderTests
{
    private const string Settings = "algorithm_type=sde-dpmsolver++ solver_order=3 prediction_type=sample";

    private static readonly double[] Images = [0.3, -0.7, 1.1], Draws = [0.9, -0.4, 0.6];

    [Fact]
    public void The_multistep_solver_goes_along_the_last_three_predictions()
    {
        using Scheduler scheduler = Scheduler.Create("dpmsolver++", SchedulerConfigs.Of(Settings), 20);
        double[] samples = Samples(scheduler);
        double[] lambdas = Lambdas(scheduler);
        double h = lambdas[3] - lambdas[2], r0 = (lambdas[2] - lambdas[1]) / h, r1 = (lambdas[1] - lambdas[0]) / h;
        double late = (Images[2] - Images[1]) / r0, early = (Images[1] - Images[0]) / r1;
        double slope = late + (r0 / (r0 + r1) * (late - early)), bend = (late - early) / (r0 + r1);
        Assert.Equal(Step(scheduler, 2, samples[2], h, Images[2], slope, bend), samples[3], 1e-12);
    }

    [Fact]
    public void The_singlestep_solver_goes_from_where_its_cycle_began()
    {
        using Scheduler scheduler = Scheduler.Create("dpmsolver_singlestep", SchedulerConfigs.Of($"{Settings} solver_type=heun"), 6);
        double[] samples = Samples(scheduler);
        double[] lambdas = Lambdas(scheduler);
        double h = lambdas[3] - lambdas[0], r0 = (lambdas[2] - lambdas[0]) / h, r1 = (lambdas[1] - lambdas[0]) / h;
        double near = (Images[1] - Images[0]) / r1, far = (Images[2] - Images[0]) / r0;
        double slope = ((r0 * near) - (r1 * far)) / (r0 - r1), bend = 2 * (far - near) / (r0 - r1);
        Assert.Equal(Step(scheduler, 0, samples[0], h, Images[0], slope, bend), samples[3], 1e-12);
    }

    /// <summary>A sample before and after each of three calls.</summary>
    private static double[] Samples(Scheduler scheduler)
    {
        List<double> samples = [1.7];
        for (int call = 0; call < 3; call++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor next = scheduler.Step(Number(Images[call]), call, Number(samples[call]), Number(Draws[call]));
            samples.Add(next.item<double>());
        }

        return [.. samples];
    }

    /// <summary>From the noise at a call to that after the third.</summary>
    private static double Step(Scheduler scheduler, int from, double sample, double h, double value, double slope, double bend)
    {
        double alpha = Alpha(scheduler.Sigmas![3]), sigma = scheduler.Sigmas[3] * alpha;
        double before = scheduler.Sigmas[from] * Alpha(scheduler.Sigmas[from]), left = Math.Exp(-2 * h);
        return (sigma / before * Math.Exp(-h) * sample)
            + (alpha * (1 - left) * value)
            + (alpha * (((1 - left) / (-2 * h)) + 1) * slope)
            + (alpha * (((1 - left - (2 * h)) / (4 * h * h)) - 0.5) * bend)
            + (sigma * Math.Sqrt(1 - left) * Draws[2]);
    }

    private static double[] Lambdas(Scheduler scheduler) => [.. scheduler.Sigmas!.Take(4).Select(sigma => -Math.Log(sigma))];

    private static double Alpha(double ratio) => 1 / Math.Sqrt((ratio * ratio) + 1);

    private static Tensor Number(double value) => full([1, 1, 1, 1], value, ScalarType.Float64);
}
