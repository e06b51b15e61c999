using DiffusionLens;
using Experiments.Models;
using Experiments.Specs;
using Experiments.Tests.Specs;

namespace Experiments.Tests.Models;

public sealed class SiteRequestTests
{
    [Theory]
    [InlineData("{skip: 3/12}")]
    [InlineData("{skip: 3}")]
    [InlineData("{skip: 5/12, repeat: [1/2, 4]}")]
    public void Blocks_of_the_command_line_stand_in_place_of_all_that_a_spec_leaves_out_or_repeats(string site)
    {
        SiteSpec spec = SmallSpec.Read(SmallSpec.With("sample: 3", $"sample: 3, site: {site}")).Condition("object").Site;

        SiteSpec chosen = new SiteRequest { Skip = [new SiteSkip(5)] }.Over(spec).OfDepth(12);

        Assert.Equal("skip-5", chosen.BesideLayer);
        Assert.Equal([new SiteSkip(5)], chosen.Parts.Skip);
        Assert.Equal(spec.SkipShares, new SiteRequest { Norm = SiteNorm.None }.Over(spec).SkipShares);
    }
}
