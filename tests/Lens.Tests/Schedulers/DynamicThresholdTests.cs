using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Schedulers;

public sealed class DynamicThresholdTests
{
    [Fact]
    public void A_batch_with_more_values_than_torch_takes_quantiles_of_is_bounded_sample_by_sample()
    {
        using DisposeScope scope = NewDisposeScope();
        DynamicThreshold threshold = DynamicThreshold.Of(
            SchedulerConfigs.Of("thresholding=true dynamic_thresholding_ratio=0.95 sample_max_value=10").Reader)!;
        Tensor ramp = linspace(-1, 1, 9_000_000).reshape(1, 1, 3000, 3000);
        Tensor bounded = threshold.Apply(cat([ramp.Times(2), ramp.Times(0.5)], 0));
        TensorAssert.Close(bounded[0], ramp[0].Times(2).ClampTo(-1.9, 1.9).Times(1 / 1.9), 1e-5);
        TensorAssert.Close(bounded[1], ramp[0].Times(0.5), 1e-5);
    }
}
