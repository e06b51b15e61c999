using DiffusionLens.Configs;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Families;

/// <summary>
/// Whether a model's networks fit in this machine's memory, said before any of them is loaded. A machine that swaps, or ends the process,
/// says it later and worse.
/// </summary>
internal static class MemoryNeed
{
    private const long Gibi = 1L << 30;

    /// <summary>Models that take less are not looked at closely.</summary>
    private const long Small = Gibi;

    /// <summary>Many times those of the largest model that is published.</summary>
    private const int MostTensors = 50_000;

    /// <param name="together">The networks that are in memory at the same time, of each time.</param>
    /// <param name="options">How they are loaded. Only the CPU's memory is known.</param>
    /// <exception cref="BadInputException">They do not fit.</exception>
    public static void Require(IEnumerable<IEnumerable<NetworkPart>> together, LoadOptions options)
        => Require(together, options, MachineMemory.Usable);

    internal static void Require(IEnumerable<IEnumerable<NetworkPart>> together, LoadOptions options, Func<long?> usable)
    {
        if (options.Device is { type: not DeviceType.CPU })
        {
            return;
        }

        // The largest first: what would make a smaller one fit might not make the model fit.
        foreach (NetworkPart[] parts in together.Select(parts => parts.ToArray()).OrderByDescending(parts => parts.Sum(BytesInFiles)))
        {
            if (parts.Sum(BytesInFiles) * options.DType.ElementSize() > Small && usable() is { } free)
            {
                Require(parts, options.DType, free);
            }
        }
    }

    private static void Require(NetworkPart[] parts, ScalarType type, long free)
    {
        long[] values = [.. parts.Select(ValuesOf)];
        long need = (values.Sum() * type.ElementSize()) + BatchLimit.Bytes;
        if (need <= free)
        {
            return;
        }

        string names = string.Join(" and ", parts.Zip(values, (part, count) => $"{part.Name} {InGB(count * type.ElementSize())} GB"));
        long halved = (values.Sum() * ScalarType.BFloat16.ElementSize()) + BatchLimit.Bytes;
        string instead = type.ElementSize() == ScalarType.BFloat16.ElementSize() ? "it takes a machine with more, or a smaller model"
            : halved <= free ? $"in bfloat16 it would be {InGB(halved)} GB, which fits"
            : $"in bfloat16 it would be {InGB(halved)} GB, which does not fit either";
        throw new BadInputException(
            $"{parts[0].Folder.Path}: does not fit in memory: {names} in {NameOf(type)}, with {InGB(BatchLimit.Bytes)} GB to compute in "
            + $"{InGB(need)} GB, of which {InGB(free)} GB are free; {instead}");
    }

    /// <summary>At least as many as there are values: each takes a byte or more.</summary>
    private static long BytesInFiles(NetworkPart part) => part.Folder.IsSingleFile
        ? new FileInfo(part.Folder.Path).Length
        : FolderWalk.Files(part.Folder.PathOf(part.Name))
            .Where(name => name.EndsWith(".safetensors", StringComparison.Ordinal))
            .Select(name => Path.Combine(part.Folder.PathOf(part.Name), name))
            .Where(File.Exists)
            .Sum(file => new FileInfo(file).Length);

    /// <summary>What is built of the network, which may be less than what its files hold.</summary>
    private static long ValuesOf(NetworkPart part)
    {
        using DisposeScope scope = NewDisposeScope();
        try
        {
            return part.Build(Placement.Meta with { Limit = new TensorLimit(MostTensors) })
                .parameters().Sum(parameter => parameter.NumberOfElements);
        }
        catch (TensorLimit.ExceededException)
        {
            ConfigBlame blame = new(part.Folder.ConfigPath(part.Name), part.Folder.Config(part.Name));
            throw new BadInputException(blame.OfSize(MostTensors));
        }
    }

    private static string InGB(long bytes) => MachineMemory.InGB(bytes);

    private static string NameOf(ScalarType type) => type.ToString().ToLowerInvariant();
}
