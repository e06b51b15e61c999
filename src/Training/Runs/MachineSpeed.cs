using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Runs;

/// <summary>Measures what this processor is fast in: some have bfloat16 units, on others bfloat16 is emulated and slow.</summary>
internal static class MachineSpeed
{
    /// <summary>Float32 or bfloat16, whichever runs a denoiser's convolution faster, forward and backward.</summary>
    public static ScalarType FasterType()
    {
        double single = Rate(ScalarType.Float32), half = Rate(ScalarType.BFloat16);
        Console.WriteLine($"convolutions: {single:F0} GF/s in float32, {half:F0} GF/s in bfloat16");
        return half > single ? ScalarType.BFloat16 : ScalarType.Float32;
    }

    private static double Rate(ScalarType type)
    {
        const int Batch = 64, Channels = 128, Side = 8, Repeats = 20;
        using DisposeScope scope = NewDisposeScope();
        Tensor input = randn(Batch, Channels, Side, Side).to(type).requires_grad_(true);
        Tensor kernel = randn(Channels, Channels, 3, 3).to(type).requires_grad_(true);
        Pass();
        Stopwatch clock = Stopwatch.StartNew();
        for (int i = 0; i < Repeats; i++)
        {
            Pass();
        }

        return Repeats * 6.0 * Batch * Channels * Channels * 9 * Side * Side / clock.Elapsed.TotalSeconds / 1e9;

        void Pass()
        {
            using DisposeScope pass = NewDisposeScope();
            nn.functional.conv2d(input, kernel, padding: [1, 1]).sum().backward();
        }
    }
}
