using System.Runtime.Intrinsics.X86;
using System.Text;

namespace DiffusionLens.Runtime;

/// <summary>
/// What of this machine's processor decides how fast libtorch's kernels are. Limits that the user has set for libtorch
/// (<c>ATEN_CPU_CAPABILITY</c>) and oneDNN (<c>ONEDNN_MAX_CPU_ISA</c>) are limits of the processor here.
/// </summary>
/// <param name="Vendor">As CPUID tells it, such as <c>AuthenticAMD</c>; nothing on processors of another kind.</param>
/// <param name="Family">The vendor's number: AMD's 25 is Zen 3 and 4, 26 is Zen 5.</param>
/// <param name="HasAvx512">Whether float32 kernels may use 512 bits.</param>
/// <param name="HasBFloat16">Whether it multiplies bfloat16 itself.</param>
internal sealed record Processor(string Vendor, int Family, bool HasAvx512, bool HasBFloat16)
{
    public const string Amd = "AuthenticAMD";

    /// <summary>AMD's first family whose 512-bit units are whole.</summary>
    public const int Zen5 = 26;

    /// <summary>The one that this runs on.</summary>
    public static Processor Here { get; } = Read(Environment.GetEnvironmentVariable);

    /// <param name="environment">The user's variables, by name.</param>
    public static Processor Read(Func<string, string?> environment)
    {
        if (!X86Base.IsSupported)
        {
            return new Processor("", 0, HasAvx512: false, HasBFloat16: false);
        }

        (int deepest, int vendorStart, int vendorEnd, int vendorMiddle) = X86Base.CpuId(0, 0);
        string vendor = string.Concat(new[] { vendorStart, vendorMiddle, vendorEnd }
            .Select(part => Encoding.ASCII.GetString(BitConverter.GetBytes(part))));
        bool wide = Avx512F.IsSupported && Allows(environment, "AVX512", "avx512");
        bool halves = wide && deepest >= 7 && (X86Base.CpuId(7, 1).Eax & AvxBFloat16) != 0 && !ForbidsBFloat16(environment);
        return new Processor(vendor, FamilyOf(X86Base.CpuId(1, 0).Eax), wide, halves);
    }

    private const int AvxBFloat16 = 1 << 5;

    /// <summary>Base family, and the extended one where the base is all ones.</summary>
    private static int FamilyOf(int signature)
    {
        const int AllOnes = 15;
        int family = (signature >> 8) & AllOnes;
        return family == AllOnes ? family + ((signature >> 20) & 0xFF) : family;
    }

    /// <summary>Neither library is limited to less than 512 bits.</summary>
    private static bool Allows(Func<string, string?> environment, string oneDnn, string libtorch)
        => (OneDnnLimit(environment) is not { } limit || limit is "ALL" or "DEFAULT" || limit.Contains(oneDnn, StringComparison.Ordinal)
                || limit.Contains("AVX10", StringComparison.Ordinal))
            && (environment("ATEN_CPU_CAPABILITY") is not { Length: > 0 } capability
                || capability.StartsWith(libtorch, StringComparison.OrdinalIgnoreCase));

    private static bool ForbidsBFloat16(Func<string, string?> environment)
        => OneDnnLimit(environment) is "AVX512_CORE" or "AVX512_CORE_VNNI";

    private static string? OneDnnLimit(Func<string, string?> environment)
    {
        string? limit = environment("ONEDNN_MAX_CPU_ISA") ?? environment("DNNL_MAX_CPU_ISA");
        return string.IsNullOrEmpty(limit) ? null : limit.ToUpperInvariant();
    }
}
