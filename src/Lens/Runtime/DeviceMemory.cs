using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DiffusionLens.Runtime;

/// <summary>
/// How much of a GPU's memory a batch may take beside the weights. It is asked of the driver, since TorchSharp has no word for it.
/// </summary>
internal static partial class DeviceMemory
{
    private const string Driver = "libcuda.so.1";

    private const int Success = 0;

    private static readonly ConcurrentDictionary<int, long?> Shares = [];

    /// <summary>
    /// A quarter of what was free when this was first asked, as a power of two: a GPU that nothing else works on has the same batches, and
    /// so the same bytes, in every run. Null where the driver does not tell.
    /// </summary>
    /// <param name="device">One of CUDA's.</param>
    public static long? ShareOf(Device device) => Shares.GetOrAdd(Math.Max(0, device.index), index => ShareOf(FreeOf(index)));

    /// <summary>The same of a number of bytes.</summary>
    internal static long? ShareOf(long? free) => free is > 0 and var bytes ? 1L << (int)long.Log2(Math.Max(1, bytes / 4)) : null;

    private static long? FreeOf(int index)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            if (Initialize(0) != Success || GetDevice(out int device, index) != Success || Retain(out nint context, device) != Success)
            {
                return null;
            }

            try
            {
                if (Push(context) != Success)
                {
                    return null;
                }

                bool isTold = GetMemory(out nuint free, out _) == Success;
                _ = Pop(out _);
                return isTold ? (long)free : null;
            }
            finally
            {
                _ = Release(device);
            }
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport(Driver, EntryPoint = "cuInit")]
    private static partial int Initialize(uint flags);

    [LibraryImport(Driver, EntryPoint = "cuDeviceGet")]
    private static partial int GetDevice(out int device, int ordinal);

    [LibraryImport(Driver, EntryPoint = "cuDevicePrimaryCtxRetain")]
    private static partial int Retain(out nint context, int device);

    [LibraryImport(Driver, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    private static partial int Release(int device);

    [LibraryImport(Driver, EntryPoint = "cuCtxPushCurrent_v2")]
    private static partial int Push(nint context);

    [LibraryImport(Driver, EntryPoint = "cuCtxPopCurrent_v2")]
    private static partial int Pop(out nint context);

    [LibraryImport(Driver, EntryPoint = "cuMemGetInfo_v2")]
    private static partial int GetMemory(out nuint free, out nuint total);
}
