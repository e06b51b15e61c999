using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Runtime;

/// <summary>
/// Asks Linux to back the memory of large networks with pages of 2 MB. Each page that is touched for the first time is a call into the
/// kernel: of 4 KB, a network of 5 GB has 1.3 million, which takes longer than reading its file.
/// </summary>
internal static partial class HugePages
{
    private const int Advice = 14;
    private const long PageBytes = 2 << 20, SmallPageBytes = 4096;

    /// <summary>Asks for it. Values stay as they are; where there is no such page, or no such system, nothing is done.</summary>
    /// <param name="tensors">Contiguous; those that are not in the processor's memory are passed over.</param>
    public static void AskFor(IEnumerable<Tensor> tensors)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            foreach ((long start, long end) in Joined(tensors.Where(tensor => tensor.device_type == DeviceType.CPU).Select(RangeOf)))
            {
                _ = Advise((nint)start, (nint)(end - start), Advice);
            }
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library.
        }
    }

    /// <summary>Ranges that lie close together as one, without those that are shorter than two such pages.</summary>
    internal static IEnumerable<(long Start, long End)> Joined(IEnumerable<(long Start, long End)> ranges)
    {
        List<(long Start, long End)> joined = [];
        foreach ((long start, long end) in ranges.OrderBy(range => range.Start))
        {
            if (joined.Count > 0 && start - joined[^1].End < PageBytes)
            {
                joined[^1] = (joined[^1].Start, Math.Max(end, joined[^1].End));
            }
            else
            {
                joined.Add((start, end));
            }
        }

        return joined.Where(range => range.End - range.Start >= 2 * PageBytes);
    }

    private static (long Start, long End) RangeOf(Tensor tensor)
    {
        if (tensor.NumberOfElements == 0)
        {
            return (0, 0);
        }

        long start = tensor.Address(), end = start + (tensor.NumberOfElements * tensor.ElementSize);
        return (start / SmallPageBytes * SmallPageBytes, (end + SmallPageBytes - 1) / SmallPageBytes * SmallPageBytes);
    }

    /// <summary>Where a tensor's first value is.</summary>
    /// <param name="tensor">Contiguous, in the processor's memory, not empty.</param>
    public static unsafe long Address(this Tensor tensor)
    {
        using Tensor flat = tensor.view(-1);
        using Tensor first = flat.narrow(0, 0, 1);
        fixed (byte* start = first.bytes)
        {
            return (long)start;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nint length, int advice);
}
