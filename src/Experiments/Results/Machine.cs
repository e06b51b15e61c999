using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Experiments.Results;

/// <summary>The machine that a run was made on, as <c>manifest.json</c> names it.</summary>
/// <param name="Cpu">The processor's name.</param>
/// <param name="Cores">Logical cores.</param>
/// <param name="Instructions">The widest vector instructions: <c>avx512</c>, <c>avx2</c>, <c>neon</c> or <c>default</c>.</param>
internal sealed record Machine(string OperatingSystem, string Cpu, int Cores, string Instructions)
{
    private const string CpuInfo = "/proc/cpuinfo";

    public static Machine Here() => new(
        RuntimeInformation.OSDescription,
        CpuName(),
        Environment.ProcessorCount,
        Avx512F.IsSupported ? "avx512" : Avx2.IsSupported ? "avx2" : AdvSimd.IsSupported ? "neon" : "default");

    private static string CpuName() =>
        (
            File.Exists(CpuInfo)
                ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                : null)
            ?.Split(':', 2)[^1]
            .Trim()
        ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
        ?? RuntimeInformation.ProcessArchitecture.ToString();
}
