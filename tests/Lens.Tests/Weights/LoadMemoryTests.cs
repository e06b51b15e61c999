using System.Globalization;
using System.Text.Json;
using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Weights;

/// <summary>Runs while no other test does: it measures the process.</summary>
[CollectionDefinition(nameof(LoadMemoryTests), DisableParallelization = true)]
[Collection(nameof(LoadMemoryTests))]
public sealed class LoadMemoryTests : IDisposable
{
    private const int Shards = 3;

    // So large that what else the process frees and takes meanwhile, some tens of megabytes, does not matter.
    private const int Width = 8192;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [Trait("Speed", "slow")]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float32)]
    public void Loading_shards_takes_at_most_a_fifth_of_memory_beside_the_weights(ScalarType inModule)
    {
        Skip.IfNot(File.Exists("/proc/self/clear_refs"), "Peak memory is read from /proc, which only Linux has.");
        WriteShards();
        long before = StartOfPeak();
        using nn.Module module = new Stack(new Placement(inModule, CPU));
        using WeightFiles files = WeightFiles.Open(_folder.Path);

        files.LoadInto(module);

        double weights = module.parameters().Sum(parameter => parameter.NumberOfElements * parameter.ElementSize);
        Assert.InRange((ProcessBytes("VmHWM") - before) / weights, 0.8, 1.2);
    }

    /// <summary>
    /// The process' memory, and from here on VmHWM is the most since. To be called before weights have their place: in memory that earlier
    /// tests have freed and the process still has they would not be seen to take any, nor if finalizers gave back as much meanwhile.
    /// </summary>
    internal static long StartOfPeak()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        NativeRuntime.ReturnFreeMemory();
        File.WriteAllText("/proc/self/clear_refs", "5");
        return ProcessBytes("VmRSS");
    }

    internal static long ProcessBytes(string what)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(what, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private void WriteShards()
    {
        Dictionary<string, string> index = [];
        for (int shard = 0; shard < Shards; shard++)
        {
            string name = $"{shard}.weight", file = $"model-{shard}.safetensors";
            using Tensor weight = ones(Width, Width, ScalarType.Float16);
            SafetensorsWriter.Write(_folder[file], new Dictionary<string, Tensor> { [name] = weight });
            index.Add(name, file);
        }

        File.WriteAllText(_folder["model.safetensors.index.json"], JsonSerializer.Serialize(new { weight_map = index }));
    }

    private sealed class Stack : nn.Module
    {
        public Stack(Placement placement)
            : base(nameof(Stack))
        {
            for (int shard = 0; shard < Shards; shard++)
            {
                this.Add($"{shard}", new Linear(Width, Width, placement, bias: false));
            }
        }
    }
}
