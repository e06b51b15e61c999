using System.Runtime.InteropServices;
using DiffusionLens.Runtime;

namespace DiffusionLens.Configs;

/// <summary>
/// Failures that are the system's: no space, no memory, no handles, no permission. They are told in one line, not as faults.
/// </summary>
internal static class SystemFailure
{
    // As libtorch, CUDA, the C++ library and the system say it.
    private static readonly string[] NoMemory =
        ["can't allocate memory", "not enough memory", "out of memory", "bad_alloc", "Cannot allocate memory"];

    // How libtorch names the libraries of a GPU in its errors.
    private static readonly string[] OfGpu = ["CUDA", "cuDNN", "CUDNN", "CUBLAS", "cublas", "CUSOLVER", "NVRTC"];

    /// <summary>What the system says, without the path that .NET adds.</summary>
    public static string ReasonOf(Exception failure) => failure switch
    {
        UnauthorizedAccessException { InnerException: null or IOException { Message: "Permission denied" } } => "permission denied",
        UnauthorizedAccessException { InnerException: IOException system } => WithoutPath(system.Message),
        _ => WithoutPath(failure.Message),
    };

    /// <summary>What to say of a failure of the system; null where it is none.</summary>
    /// <param name="failure">What was thrown.</param>
    public static string? Line(Exception failure) => Causes(failure).Select(LineOfOne).FirstOrDefault(line => line is not null);

    /// <summary>Whether memory was asked for that there is not, of .NET or of native code.</summary>
    public static bool IsOutOfMemory(Exception failure) => Causes(failure).Any(IsOneOutOfMemory);

    /// <summary>The failure and all that it was wrapped around.</summary>
    public static IEnumerable<Exception> Causes(Exception failure)
    {
        IEnumerable<Exception> inner = failure is AggregateException several ? several.InnerExceptions
            : failure.InnerException is { } one ? [one]
            : [];
        return inner.SelectMany(Causes).Prepend(failure);
    }

    private static string? LineOfOne(Exception failure) => failure switch
    {
        ExternalException when IsOfGpu(failure.Message) => IsOneOutOfMemory(failure)
            ? $"the GPU has not enough memory ({First(failure.Message)}); {MachineMemory.Advice}"
            : $"the GPU failed ({First(failure.Message)})",
        _ when IsOneOutOfMemory(failure) => $"there is not enough memory{MachineMemory.FreeInWords()}; {MachineMemory.Advice}",
        DllNotFoundException => CannotLoad(failure),
        NotSupportedException when failure.Message.Contains("libtorch", StringComparison.Ordinal) => CannotLoad("libtorch"),
        FileNotFoundException { FileName: { } name } when IsAssembly(name) => CannotLoad(failure),
        FileLoadException { FileName: { } name } when IsAssembly(name) => CannotLoad(failure),
        IOException or UnauthorizedAccessException =>
            PathOf(failure.Message) is { } path ? $"{path}: {ReasonOf(failure)}" : First(failure.Message),
        _ => null,
    };

    private static bool IsOneOutOfMemory(Exception failure) => failure is OutOfMemoryException
        || (failure is ExternalException or IOException
            && NoMemory.Any(words => failure.Message.Contains(words, StringComparison.Ordinal)));

    private static bool IsOfGpu(string message) => OfGpu.Any(name => First(message).Contains(name, StringComparison.Ordinal));

    private static bool IsAssembly(string name) => name.Contains(", Version=", StringComparison.Ordinal);

    private static string CannotLoad(Exception failure) => CannotLoad(First(failure.Message).TrimEnd('.'));

    private static string CannotLoad(string part) => $"a part of the program cannot be loaded ({part}); "
        + (MachineMemory.AddressLimit() is { } bytes
            ? $"this process may use {MachineMemory.InGB(bytes)} GB of addresses (ulimit -v), too few"
            : "install the program again");

    // .NET ends some messages with a path: No space left on device : '/results/a.png'. Others have it in their middle.
    private static string WithoutPath(string message) => First(message.Split(" : '")[0]).TrimEnd('.');

    private static string? PathOf(string message)
        => message.Split(" : '") is [_, var path] ? path.TrimEnd('.').TrimEnd('\'')
            : message.Split('\'') is ["Access to the path ", var forbidden, _] ? forbidden
            : null;

    private static string First(string message) => message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("");
}
