using DiffusionLens.Schedulers;

namespace DiffusionLens.Tests.Schedulers;

public sealed class SamplerNamesTests
{
    [Fact]
    public void The_names_are_those_of_all_samplers()
        => Assert.Equal(SamplerClasses.All.Select(kind => kind.Name), Scheduler.Names);
}
