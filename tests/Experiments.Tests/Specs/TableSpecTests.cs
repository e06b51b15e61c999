using DiffusionLens;
using Experiments.Specs;

namespace Experiments.Tests.Specs;

public sealed class TableSpecTests
{
    private const string Tables = """
        tables:
          order: {title: Order, rows: all, of: two, order of appearance: [has object, has object']}
          first: {title: First, rows: right in the last layer, of: [object, two], first layer: has object}
          right: {title: Right, rows: all, of: [object, two], first layer: right}
          words: {title: Words, frequency of words: [object, two]}

        """;

    [Fact]
    public void Tables_say_what_is_counted_of_which_rows()
    {
        IReadOnlyList<TableSpec> tables = SmallSpec.Read(SmallSpec.Text + Tables).Tables;

        TableSpec.Order order = Assert.IsType<TableSpec.Order>(tables[0]);
        Assert.Equal(
            ("order", "Order", RowChoice.All, "has object", "has object'"),
            (order.Name, order.Title, order.Rows, order.First, order.Second));
        Assert.Equal(["has object"], Assert.IsType<TableSpec.FirstLayer>(tables[1]).Questions);
        Assert.Empty(Assert.IsType<TableSpec.FirstLayer>(tables[2]).Questions);
        Assert.Equal(["object", "two"], Assert.IsType<TableSpec.Frequency>(tables[3]).Of);
    }

    [Theory]
    [InlineData("of: two, order of", "of: object, order of", "is no question of 'object'")]
    [InlineData(
        "[has object, has object']}",
        "has object}",
        "it should be a list of two, the first and the second: each a question of 'two'"
    )]
    [InlineData(
        "frequency of words: [object, two]",
        "frequency of words: [object, too]",
        "'too' is no condition; did you mean 'two'? (one of: object, two)"
    )]
    [InlineData(
        ", first layer: right}",
        "}",
        "the table 'right' has none of order of appearance, first layer, frequency of words, paired differences; give one"
    )]
    [InlineData("  first:", "  First one:", "'First one' is to name files, so it is made of a-z, 0-9 and -; write first-one")]
    public void A_mistake_in_a_table_is_named(string old, string replacement, string error)
    {
        Assert.Equal(2, Tables.Split(old).Length);

        string message = Assert
            .Throws<BadInputException>(() => SmallSpec.Read(SmallSpec.Text + Tables.Replace(old, replacement, StringComparison.Ordinal)))
            .Message;

        Assert.Contains(error, message, StringComparison.Ordinal);
    }
}
