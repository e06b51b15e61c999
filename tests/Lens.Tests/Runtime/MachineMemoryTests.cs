using DiffusionLens.Runtime;

namespace DiffusionLens.Tests.Runtime;

public sealed class MachineMemoryTests
{
    private const string Status = "Name:\tdlens\nVmSize:\t 1000 kB\nVmData:\t  200 kB\n";

    [Theory]
    [InlineData("unlimited", "unlimited", null)]
    [InlineData("4096000", "unlimited", 4096000 - 1024000L)]
    [InlineData("unlimited", "409600", 409600 - 204800L)]
    [InlineData("4096000", "409600", 409600 - 204800L)]
    [InlineData("4096000", "40960000", 4096000 - 1024000L)]
    public void What_is_left_of_addresses_is_the_least_of_both_limits(string addresses, string data, long? left) => Assert.Equal(
        left,
        MachineMemory.LeftOfAddresses(
            $"Limit                     Soft Limit           Hard Limit           Units\n"
            + $"Max data size             {data,-20} unlimited            bytes\n"
            + $"Max address space         {addresses,-20} unlimited            bytes\n",
            Status));

    [SkippableFact]
    public void This_machine_has_some()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        Assert.InRange(MachineMemory.Usable() ?? 0, 1 << 20, long.MaxValue);
    }
}
