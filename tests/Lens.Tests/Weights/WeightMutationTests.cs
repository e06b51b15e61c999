using System.Buffers.Binary;
using System.Text;
using DiffusionLens.Autoencoders;
using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using DiffusionLens.Tests.Configs;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Weights;

/// <summary>Headers of safetensors files and indexes of shards, damaged.</summary>
public sealed class WeightMutationTests
{
    private const int Few = 200;

    [Fact]
    public void A_file_with_a_damaged_header_is_read_or_refused_in_a_line()
    {
        using TemporaryFolder folder = new();
        string source = Reference.PathOf("sd1", "vae"), path = folder["diffusion_pytorch_model.safetensors"];
        byte[] whole = File.ReadAllBytes(Path.Combine(source, "diffusion_pytorch_model.safetensors"));
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(whole);
        string header = Encoding.UTF8.GetString(whole, 8, length);
        AutoencoderKLConfig config = AutoencoderKLConfig.Parse(ConfigFile.ReadObject(Path.Combine(source, "config.json")), "config.json");
        Random random = new(5);
        Func<byte[]>[] changes =
        [
            .. JsonMutations.Of(header.TrimEnd())
                .Select(mutation => (Func<byte[]>)(() => WithHeader(Encoding.UTF8.GetBytes(mutation.Text)))),
            .. Enumerable.Range(0, 10 * Few).Select(_ => random.Next())
                .Select(seed => (Func<byte[]>)(() => WithHeader(ByteMutations.Of(whole[8..(8 + length)], new Random(seed))))),
            .. Enumerable.Range(0, 10 * Few).Select(_ => random.Next())
                .Select(seed => (Func<byte[]>)(() => ByteMutations.Of(whole, new Random(seed)))),
        ];

        Mutations.None(
            from change in Mutations.Some(changes, Few)
            let fault = FaultOf(change())
            where fault is not null
            select fault);

        byte[] WithHeader(byte[] other)
        {
            byte[] prefix = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)other.Length);
            return [.. prefix, .. other, .. whole[(8 + length)..]];
        }

        string? FaultOf(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            return Mutations.Fault(() =>
            {
                using DisposeScope scope = NewDisposeScope();
                using WeightFiles weights = WeightFiles.Open(folder.Path);
                weights.Check(weights.Shaped(placement => new AutoencoderKL(config, placement)));
                weights.LoadInto(new AutoencoderKL(config, Placement.Default));
            });
        }
    }

    [Fact]
    public void A_damaged_index_of_shards_is_read_or_refused_in_a_line()
    {
        using TemporaryFolder folder = new();
        string source = Reference.PathOf("folders", "sharded", "unet"), index = "diffusion_pytorch_model.safetensors.index.json";
        foreach (string file in Directory.EnumerateFiles(source))
        {
            File.CreateSymbolicLink(folder[Path.GetFileName(file)], file);
        }

        string json = File.ReadAllText(Path.Combine(source, index));
        Mutations.None(
            from change in Mutations.Some(JsonMutations.Of(json), Few)
            let fault = FaultOf(change)
            where fault is not null
            select $"{change.What}: {fault}");

        string? FaultOf(Mutation change)
        {
            File.Delete(folder[index]);
            File.WriteAllText(folder[index], change.Text);
            return Mutations.Fault(() => WeightFiles.Open(folder.Path).Dispose());
        }
    }
}
