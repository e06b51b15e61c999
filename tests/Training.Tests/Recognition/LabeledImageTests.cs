using Training.Recognition;

namespace Training.Tests.Recognition;

public class LabeledImageTests
{
    private const long Car = 3, Star = 7;

    [Fact]
    public void What_is_not_there_is_nothing_where_it_was_named_and_what_else_was_named_is_left_out()
    {
        LabeledImage image = LabeledImage.LeavingOut([0, Car, Star, Car]);

        image.Miss(Car);

        Assert.Equal([0, 0, CellLabels.Undecided, 0], image.Things);
        Assert.Equal([0, CellLabels.Undecided, CellLabels.Undecided, CellLabels.Undecided], image.Colors);
        Assert.Equal((0, 1), (image.Clear, image.Missing));
    }

    [Fact]
    public void What_is_there_is_labeled_in_its_cells_whatever_was_named()
    {
        LabeledImage image = LabeledImage.LeavingOut([0, Car, Star, Car]);

        image.Show([0, 1], Star, color: 2, relation: 1);
        image.Miss(Car);

        Assert.Equal([Star, Star, CellLabels.Undecided, 0], image.Things);
        Assert.Equal([2, 2, CellLabels.Undecided, CellLabels.Undecided], image.Colors);
        Assert.Equal([1, 1, CellLabels.Undecided, CellLabels.Undecided], image.Relations);
    }
}
