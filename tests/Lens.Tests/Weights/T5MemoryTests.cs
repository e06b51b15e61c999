using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Weights;

/// <summary>That DeepFloyd IF runs in 16 GiB: measured on a T5 of full width and few blocks, and by arithmetic for the rest.</summary>
[Collection(nameof(LoadMemoryTests))]
public sealed class T5MemoryTests : IDisposable
{
    private const int Blocks = 2, Shards = 3;
    private const long GiB = 1L << 30;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    [Trait("Speed", "slow")]
    public void A_T5_of_full_width_loads_in_bfloat16_within_a_fifth_beside_its_weights_encodes_and_is_freed()
    {
        Skip.IfNot(File.Exists("/proc/self/clear_refs"), "Peak memory is read from /proc, which only Linux has.");
        T5Config config = Published() with { LayerCount = Blocks };
        WriteShards(config);
        long before = LoadMemoryTests.StartOfPeak();
        double weights;
        using (T5EncoderModel model = new(config, new Placement(ScalarType.BFloat16, CPU)))
        {
            using (WeightFiles files = WeightFiles.Open(_folder.Path))
            {
                files.LoadInto(model);
            }

            weights = model.parameters().Sum(parameter => parameter.NumberOfElements * parameter.ElementSize);
            Assert.InRange(weights, 1e9, 1.1e9);
            Assert.InRange((LoadMemoryTests.ProcessBytes("VmHWM") - before) / weights, 0.9, 1.2);

            using IDisposable noGradients = no_grad();
            using TextTrace trace = model.Trace(ones(1, 77, ScalarType.Int64), ones(1, 77, ScalarType.Int64));
            Assert.Equal([1, 77, 4096], trace.HiddenStates[^1].shape);
            Assert.InRange((LoadMemoryTests.ProcessBytes("VmHWM") - before) / weights, 0.9, 1.2);
        }

        // As a pipeline does before it loads the next network.
        NativeRuntime.ReturnFreeMemory();
        Assert.InRange((LoadMemoryTests.ProcessBytes("VmRSS") - before) / weights, -0.1, 0.15);
    }

    [Fact]
    public void In_bfloat16_no_network_of_the_papers_IF_needs_more_than_16_GiB_with_the_states_of_64_prompts()
    {
        long states = 64L * 25 * 77 * 4096 * 2;
        long[] networks = [.. new[] { "t5_xxl/text_encoder", "if_I_XL/unet", "if_II_L/unet" }.Select(Bytes)];
        Assert.Equal([9.5, 8.6, 2.4], networks.Select(bytes => Math.Round(bytes / 1e9, 1)));
        Assert.All(networks, bytes => Assert.InRange((1.2 * bytes) + states, 0, 16 * GiB));
        Assert.True(networks.Sum() > 16 * GiB, "all at once would not fit");

        static long Bytes(string network) => ConfigFile.ReadObject(Reference.PathOf("shapes", network, "shapes.json")).EnumerateObject()
            .Sum(tensor => 2 * tensor.Value.EnumerateArray().Aggregate(1L, (product, size) => product * size.GetInt64()));
    }

    private static T5Config Published()
    {
        string path = Reference.PathOf("shapes", "t5_xxl", "text_encoder", "config.json");
        return T5Config.Parse(ConfigFile.ReadObject(path), path);
    }

    /// <summary>Float16, as published, in shards with an index.</summary>
    private void WriteShards(T5Config config)
    {
        using T5EncoderModel shapes = new(config, Placement.Meta);
        (string Name, long[] Shape)[] tensors = [.. shapes.named_parameters().Select(named => (named.name, named.parameter.shape))];
        Dictionary<string, string> index = [];
        foreach ((int shard, (string Name, long[] Shape)[] part) in tensors.Chunk((tensors.Length + Shards - 1) / Shards).Index())
        {
            using DisposeScope scope = NewDisposeScope();
            string file = $"model-{shard}.safetensors";
            SafetensorsWriter.Write(_folder[file], part
                .ToDictionary(tensor => tensor.Name, tensor => full(tensor.Shape, 0.01f, ScalarType.Float16)));
            foreach ((string name, _) in part)
            {
                index.Add(name, file);
            }
        }

        File.WriteAllText(_folder["model.safetensors.index.json"], JsonSerializer.Serialize(new { weight_map = index }));
    }
}
