using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lens.Runtime;

/// <summary>Settings of the C library that must be made before libtorch is loaded. On other systems than glibc's there is nothing to do.</summary>
internal static partial class NativeRuntime
{
    private const int TrimThreshold = -1, MmapThreshold = -3;
    private const int LargestHeapBlock = 32 << 20, KeptFree = 512 << 20;

    /// <summary>Makes the settings when this library is first used, which is before its first tensor.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "libtorch reads these settings while it loads, and any type of this library may load it")]
    internal static void Prepare()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            // glibc maps every tensor above 128 KB anew and gives it back when it is freed: each one is paid for again in page faults,
            // half of the time of a small model. Weights of full size are above the limit and are given back all the same.
            _ = SetAllocator(MmapThreshold, LargestHeapBlock);
            _ = SetAllocator(TrimThreshold, KeptFree);

            // Otherwise libtorch complains at every float64 convolution that it cannot use NNPACK, which it would not use anyway.
            _ = SetEnvironment("TORCH_CPP_LOG_LEVEL", "ERROR", 0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, such as musl's, has other settings or none.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
