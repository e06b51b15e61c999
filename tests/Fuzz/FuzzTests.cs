using Fuzz.Readers;

namespace Fuzz;

/// <summary>The short form.</summary>
public sealed class FuzzTests
{
    private const int Inputs = 2000, Seed = 1;

    [Fact]
    public void Every_reader_takes_what_it_is_given_or_says_in_a_line_why_not()
    {
        Campaign campaign = new(Inputs, Seed, Processes: 2);
        campaign.Run(ReaderCatalog.All);
        using StringWriter table = new();
        Assert.True(Table.Write(campaign, TimeSpan.Zero, table) == 0, table.ToString());
        Assert.All(ReaderCatalog.All, reader => Assert.Equal(campaign.InputsOf(reader), campaign.Tallies[reader.Name].Count));
    }

    [Fact]
    public void The_same_seed_makes_the_same_inputs()
    {
        FuzzedReader reader = ReaderCatalog.Named("scheduler-config");
        Assert.All(
            Enumerable.Range(1, 200),
            number => Assert.Equal(FuzzedInput.Of(reader, Seed, number).Content.Bytes, FuzzedInput.Of(reader, Seed, number).Content.Bytes));
        Assert.NotEqual(FuzzedInput.Of(reader, Seed, 1).Content.Bytes, FuzzedInput.Of(reader, Seed + 1, 1).Content.Bytes);
    }
}
