using System.Runtime.InteropServices;

namespace DiffusionLens.Runtime;

/// <summary>
/// Settings of native libraries that TorchSharp has no word for: glibc's allocator, libgomp's threads and libtorch's NNPACK. They hold for
/// the whole process, so it is the application that makes them. On other systems than Linux nothing is done.
/// </summary>
public static partial class NativeRuntime
{
    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3, MostMaps = -4, MostArenas = -8;

    /// <summary>How much freed memory is kept at most, in bytes.</summary>
    private const int KeptFree = 1 << 30;

    private static bool _isTuned;

    /// <summary>
    /// Tunes this process for making images with models of any size: freed memory is kept for the next tensor (up to 1 GB), threads
    /// that wait for one another sleep, and libtorch leaves NNPACK alone. No number changes; small models take about half the time.
    /// Call it once, as the first thing a program does: allocator and threads must be set before libtorch is loaded, that is before the
    /// first tensor. <c>OMP_WAIT_POLICY</c> and <c>GOMP_SPINCOUNT</c>, where the user has set them, stay as they are.
    /// </summary>
    public static void TuneProcess()
    {
        _isTuned = true;
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            KeepFreedMemory();
            WaitAsleep();
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, such as musl's, has other settings or none.
        }
    }

    /// <summary>
    /// glibc maps every tensor above 128 KB anew and gives it back when it is freed: each one is paid for again in page faults, half of the
    /// time of a small model, four fifths of that of a large image's SiLU. So none is mapped by itself, and all come from one heap, since
    /// those of further threads end at 64 MB. The plain way maps those above 32 MB, and keeps 512 MB of the others.
    /// </summary>
    private static void KeepFreedMemory()
    {
        if (Kernels.Current.ArePlain)
        {
            _ = SetAllocator(MmapThreshold, 32 << 20);
            _ = SetAllocator(TrimThreshold, 512 << 20);
            return;
        }

        _ = SetAllocator(MostMaps, 0);
        _ = SetAllocator(MostArenas, 1);
        _ = SetAllocator(TopPad, 64 << 20);
        _ = SetAllocator(TrimThreshold, KeptFree);
    }

    /// <summary>
    /// By default libgomp's threads wait for one another in a loop. Where another program wants a core too, that is most of what they do,
    /// and all goes many times slower. libgomp reads its environment when it is loaded, with libtorch; what the user has set is left alone.
    /// </summary>
    private static void WaitAsleep()
    {
        const string SpinsBeforeSleep = "1000";
        const int KeepWhatIsSet = 0;
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            _ = SetEnvironment("GOMP_SPINCOUNT", SpinsBeforeSleep, KeepWhatIsSet);
        }
    }

    /// <summary>
    /// The part of <see cref="TuneProcess"/> that needs libtorch, done when weights are loaded: loading libtorch takes longer than a whole
    /// <c>--help</c>. It keeps libtorch from trying NNPACK, which it does not use where these models run, but on processors that lack what
    /// NNPACK wants it says so at every float64 convolution, whatever the log level. TorchSharp has no word for it, so libtorch is called
    /// by its C++ names. Nothing is done in a process that was not tuned.
    /// </summary>
    internal static void LeaveNnpackAlone()
    {
        if (!_isTuned || !OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            SetUserEnabledNnpack(GlobalContext(), false);
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another libtorch: then it may complain.
        }
    }

    /// <summary>
    /// Gives freed memory back to the system where more is kept than <see cref="TuneProcess"/> allows: glibc itself looks at the end of its
    /// heap alone, not at holes between what lives on. To be called between batches. Nothing is done in a process that was not tuned.
    /// </summary>
    internal static void LimitFreeMemory()
    {
        if (!_isTuned || !OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            if (Allocations().Free > KeptFree)
            {
                _ = TrimHeap(0);
            }
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, or a glibc before 2.33, which does not count beyond 2 GB.
        }
    }

    /// <summary>
    /// Gives freed memory back to the system, after a network was freed and before another takes its place: its holes between what lives
    /// on as well. On other systems than Linux nothing is done.
    /// </summary>
    internal static void ReturnFreeMemory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, such as musl's, which gives memory back by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial AllocatorUse Allocations();

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nint kept);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at13globalContextEv")]
    private static partial nint GlobalContext();

    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at7Context20setUserEnabledNNPACKEb")]
    private static partial void SetUserEnabledNnpack(nint context, [MarshalAs(UnmanagedType.U1)] bool enabled);

    /// <summary>glibc's <c>struct mallinfo2</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct AllocatorUse
    {
        private readonly nuint _heap, _freeBlocks, _smallBlocks, _maps, _mapped, _unused, _smallFree, _used, _free, _atEnd;

        /// <summary>Bytes that are free, given back to the system or not.</summary>
        public long Free => (long)_free;
    }
}
