using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Lens.Tests.Runtime;

public class ScalarArithmeticTests
{
    [Fact]
    public void Numbers_and_tensors_are_added_and_multiplied()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor((float[])[1, 2]), y = tensor((float[])[10, 20]);

        using Scalar two = 2;
        Assert.Equal([3, 4], x.Plus(2).data<float>().ToArray());
        Assert.Equal([3, 4], x.Plus(two).data<float>().ToArray());
        Assert.Equal([11, 22], x.Plus(y).data<float>().ToArray());
        Assert.Equal([6, 12], x.PlusScaled(y, 0.5).data<float>().ToArray());
        Assert.Equal([100, 400], y.Squared().data<float>().ToArray());
        Assert.Equal([0.5f, 1], x.Times(0.5).data<float>().ToArray());
        Assert.Equal([1, 1.5f], x.ClampTo(0, 1.5).data<float>().ToArray());
    }

    [Fact]
    public void A_collection_in_the_midst_of_arithmetic_takes_nothing_from_it()
    {
        using CancellationTokenSource stop = new();
        Thread collecting = new(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collecting.Start();
        try
        {
            using Tensor x = ones(1), y = ones(1);
            for (int i = 0; i < 20_000; i++)
            {
                using Tensor sum = x.Plus(y), more = x.Plus(1), square = x.Squared();
            }
        }
        finally
        {
            stop.Cancel();
            collecting.Join();
        }
    }
}
