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

    [Theory]
    [InlineData("0::/job.slice/run.scope\n", 3000L)]
    [InlineData("0::/job.slice\n", 5000L)]
    [InlineData("0::/\n", null)]
    [InlineData("0::/of/the/host\n", null)]
    [InlineData("0::/../other.slice\n", null)]
    [InlineData("", null)]
    [InlineData("12:cpu,cpuacct:/\n4:memory:/job\n0::/\n", 800L)]
    public void What_is_left_is_the_least_of_the_group_and_of_those_around_it(string membership, long? left)
    {
        using TemporaryFolder groups = new();
        Group("job.slice", "memory.max", "memory.current", "9000", "4000");
        Group("job.slice/run.scope", "memory.max", "memory.current", "4000", "1000");
        Group("memory/job", "memory.limit_in_bytes", "memory.usage_in_bytes", "1000", "200");
        Group("other.slice", "memory.max", "memory.current", "10", "1");
        Assert.Equal(left, MachineMemory.LeftInGroups(groups.Path, membership));

        // The group around is the tighter one where others in it have used it up.
        Group("job.slice", "memory.max", "memory.current", "9000", "8900");
        Assert.Equal(left > 800 ? 100 : left, MachineMemory.LeftInGroups(groups.Path, membership));

        void Group(string path, string limitFile, string usageFile, string limit, string usage)
        {
            Directory.CreateDirectory(groups[path]);
            File.WriteAllText(groups[$"{path}/{limitFile}"], limit + "\n");
            File.WriteAllText(groups[$"{path}/{usageFile}"], usage + "\n");
        }
    }

    [SkippableFact]
    public void This_machine_has_some()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        Assert.InRange(MachineMemory.Usable() ?? 0, 1 << 20, long.MaxValue);
    }
}
