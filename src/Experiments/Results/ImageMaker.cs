using System.Globalization;

namespace Experiments.Results;

/// <summary>
/// What images were computed with, as far as their pixels can depend on it: between processors, numbers of threads, graphics cards and
/// versions of torch they differ by a level now and then.
/// </summary>
/// <param name="Device"><c>cpu</c>, or <c>cuda</c> with the card's name where the system tells it.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Instructions">Its widest vector instructions (<see cref="Machine.Instructions"/>).</param>
/// <param name="Threads">How many threads computed; null where that was not noted.</param>
/// <param name="Torch">Version of TorchSharp.</param>
internal sealed record ImageMaker(string Device, string Processor, string Instructions, int? Threads, string Torch)
{
    private const string Cpu = "cpu", Cuda = "cuda", Cards = "/proc/driver/nvidia/gpus";

    private bool IsCpu => Device == Cpu;

    /// <summary>What this process computes with.</summary>
    /// <param name="device">As <c>--device</c> has it.</param>
    /// <param name="threads">How many threads torch has here.</param>
    /// <param name="torch">Version of TorchSharp.</param>
    public static ImageMaker Here(string device, int threads, string torch)
    {
        Machine machine = Machine.Here();
        return new ImageMaker(device == Cpu ? Cpu : CudaName(), machine.Cpu, machine.Instructions, threads, torch);
    }

    /// <summary>What made the images of a whole run, as far as its manifest tells: one for each number of threads.</summary>
    public static IReadOnlyList<ImageMaker> Of(RunManifest run)
    {
        ImageMaker maker = new(
            run.Device == Cpu ? Cpu : Cuda,
            run.Machine.Cpu,
            run.Machine.Instructions,
            Threads: null,
            run.Versions.GetValueOrDefault("torchsharp", ""));
        return run.Threads is { Count: > 0 } numbers ? [.. numbers.Select(threads => maker with { Threads = threads })] : [maker];
    }

    /// <summary>Whether the same pixels come from both. On a graphics card the processor beside it does not count.</summary>
    public bool MakesSameAs(ImageMaker other) =>
        IsCpu ? this with { Threads = null } == other with { Threads = null } && (Threads ?? other.Threads) == (other.Threads ?? Threads)
            : Device == other.Device && Torch == other.Torch;

    public override string ToString() => IsCpu ? $"{Processor} ({Instructions}, {ThreadsText}, TorchSharp {Torch})"
        : $"{Device} (TorchSharp {Torch})";

    private string ThreadsText => Threads switch
    {
        null => "a number of threads that was not noted",
        1 => "1 thread",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Threads} threads"),
    };

    // Which of several cards it is does not matter where they are of one kind.
    private static string CudaName()
    {
        if (!Directory.Exists(Cards))
        {
            return Cuda;
        }

        string[] names =
        [
            .. Directory.EnumerateDirectories(Cards)
                .Select(card => Path.Combine(card, "information"))
                .Where(File.Exists)
                .SelectMany(File.ReadLines)
                .Where(line => line.StartsWith("Model:", StringComparison.Ordinal))
                .Select(line => line["Model:".Length..].Trim())
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        return names.Length == 0 ? Cuda : $"{Cuda} {string.Join(" or ", names)}";
    }
}
