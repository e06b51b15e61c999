using System.Runtime.InteropServices;
using DiffusionLens.Configs;

// What the system and the runtime throw is what is told here.
#pragma warning disable CA2201

namespace DiffusionLens.Tests.Configs;

public sealed class SystemFailureTests
{
    [Theory]
    [InlineData("[enforce fail at alloc_cpu.cpp:125] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.")]
    [InlineData("std::bad_alloc")]
    public void Native_code_that_has_no_memory_is_told_with_what_may_fit(string message)
    {
        string line = SystemFailure.Line(new ExternalException(message))!;
        Assert.StartsWith("there is not enough memory", line);
        Assert.Contains("--dtype bfloat16", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Theory]
    [InlineData(
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 8 GiB\nException raised from malloc",
        "the GPU has not enough memory (CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 8 GiB); take less")]
    [InlineData(
        "CUDA error: no kernel image is available for execution on the device\nCUDA kernel errors might be asynchronously reported",
        "the GPU failed (CUDA error: no kernel image is available for execution on the device)")]
    [InlineData("cuDNN error: CUDNN_STATUS_NOT_INITIALIZED", "the GPU failed (cuDNN error: CUDNN_STATUS_NOT_INITIALIZED)")]
    public void What_fails_on_a_gpu_is_told_as_that_in_one_line(string message, string line)
        => Assert.StartsWith(line, SystemFailure.Line(new ExternalException(message)));

    [Fact]
    public void So_is_the_runtime_s_own_within_others() =>
        Assert.StartsWith("there is not enough memory", SystemFailure.Line(new AggregateException(new OutOfMemoryException())));

    [Fact]
    public void A_path_that_the_system_names_comes_first()
    {
        Assert.Equal("/full/a: No space left on device", SystemFailure.Line(new IOException("No space left on device : '/full/a'")));
        Assert.Equal("/a: permission denied", SystemFailure.Line(new UnauthorizedAccessException("Access to the path '/a' is denied.")));
    }

    [Fact]
    public void A_type_that_could_not_be_made_for_want_of_handles_is_told_as_that() =>
        Assert.Equal(
            "/proc/x: Too many open files",
            SystemFailure.Line(new TypeInitializationException("X", new IOException("Too many open files : '/proc/x'"))));

    [Fact]
    public void Faults_of_the_program_are_none_of_the_system_s()
    {
        Assert.Null(SystemFailure.Line(new InvalidOperationException("Sequence contains no elements")));
        Assert.Null(SystemFailure.Line(new ExternalException("mat1 and mat2 shapes cannot be multiplied (1x2 and 3x4)")));
        Assert.Null(SystemFailure.Line(new KeyNotFoundException()));
    }
}
