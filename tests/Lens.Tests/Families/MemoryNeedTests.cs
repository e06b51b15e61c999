using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Families;

/// <summary>FLUX.2 klein 4B and its encoder by their configs alone, on machines of any size.</summary>
public sealed class MemoryNeedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ScalarType.BFloat16, 10, null)]
    [InlineData(ScalarType.Float32, 18, null)]
    [InlineData(
        ScalarType.Float32,
        16,
        "does not fit in memory: transformer 15.5 GB in float32, with 2.1 GB to compute in 17.6 GB, of which 16.0 GB are free; "
        + "in bfloat16 it would be 9.9 GB, which fits")]
    [InlineData(ScalarType.Float32, 8, "in bfloat16 it would be 9.9 GB, which does not fit either")]
    [InlineData(
        ScalarType.BFloat16,
        8,
        "transformer 7.8 GB in bfloat16, with 2.1 GB to compute in 9.9 GB, of which 8.0 GB are free; it takes a machine with more"
    )]
    public void What_does_not_fit_is_said_with_its_size_and_what_would(ScalarType type, int gigabytes, string? error)
        => Requires([[Part("transformer")]], type, gigabytes, error);

    [Fact]
    public void Networks_that_are_freed_for_one_another_need_not_fit_together()
    {
        NetworkPart encoder = Part("text_encoder"), transformer = Part("transformer");
        Requires([[encoder], [transformer]], ScalarType.BFloat16, gigabytes: 10, error: null);
        Requires(
            [[encoder, transformer]], ScalarType.BFloat16, gigabytes: 10, "text_encoder 6.2 GB and transformer 7.8 GB in bfloat16");
    }

    [Fact]
    public void Where_memory_is_not_known_nothing_is_refused()
        => MemoryNeed.Require([[Part("transformer")]], new LoadOptions(), () => null);

    [Fact]
    public void Linux_tells_what_is_available_and_what_a_group_may_still_take()
    {
        Assert.Equal(21_765_976L * 1024, MachineMemory.Available("MemTotal:       24000000 kB\nMemAvailable:   21765976 kB\n"));
        Assert.Null(MachineMemory.Available(""));
        Assert.Null(MachineMemory.LeftInGroups(_folder.Path, "0::/\n"));
        Write("memory.max", "max\n");
        Write("memory.current", "5000\n");
        Assert.Null(MachineMemory.LeftInGroups(_folder.Path, "0::/\n"));
        Write("memory.max", "8000\n");
        Write("memory.stat", "anon 1000\ninactive_file 700\nactive_file 300\n");
        Assert.Equal(4000, MachineMemory.LeftInGroups(_folder.Path, "0::/\n"));
        File.Delete(_folder["memory.max"]);
        Directory.CreateDirectory(_folder["memory"]);
        Write("memory/memory.limit_in_bytes", "9000\n");
        Write("memory/memory.usage_in_bytes", "2000\n");
        Assert.Equal(7000, MachineMemory.LeftInGroups(_folder.Path, "0::/\n"));

        void Write(string name, string text) => File.WriteAllText(_folder[name], text);
    }

    private static void Requires(NetworkPart[][] together, ScalarType type, int gigabytes, string? error)
    {
        Exception? refused = Record.Exception(
            () => MemoryNeed.Require(together, new LoadOptions(type), () => gigabytes * 1_000_000_000L));
        if (error is null)
        {
            Assert.Null(refused);
        }
        else
        {
            Assert.Contains(error, Assert.IsType<BadInputException>(refused).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A file so large that it is looked at, with nothing in it.</summary>
    private NetworkPart Part(string name)
    {
        Directory.CreateDirectory(_folder[name]);
        using (FileStream file = File.Create(_folder[$"{name}/model.safetensors"]))
        {
            file.SetLength(600_000_000);
        }

        File.WriteAllText(
            _folder["model_index.json"],
            """{"_class_name": "Flux2KleinPipeline", "transformer": ["", "T"], "text_encoder": ["", "T"]}""");
        return new NetworkPart(ModelFolder.Open(_folder.Path), name, placement => name == "transformer"
            ? new Flux2Transformer2DModel(Parsed("flux2_klein_4b", name, Flux2TransformerConfig.Parse), placement)
            : new Qwen3Model(Parsed("qwen3_4b", name, Qwen3Config.Parse), 27, placement));

        static T Parsed<T>(string model, string part, Func<System.Text.Json.JsonElement, string, T> parse)
            => Reference.PathOf("shapes", model, part, "config.json") is var path ? parse(ConfigFile.ReadObject(path), path) : default!;
    }
}
