using DiffusionLens;
using Experiments.Measures;

namespace Experiments.Tests.Measures;

public sealed class CalibrationTableTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("calibration-").FullName;

    private string File => Path.Combine(_folder, "calibration.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_again()
    {
        CalibrationRow[] rows =
        [
            new("clip@0123abcd", "thing", new Agreement(8, 2, 1, 9)) { Threshold = -1.25, ThresholdAccuracy = 0.85 },
            new("clip@0123abcd", "animal", new Agreement(0, 0, 1, 9)),
        ];

        new CalibrationTable(rows).Write(File);
        CalibrationTable read = CalibrationTable.Read(File);

        Assert.Equal(rows, read.Rows);
        Assert.Equal(-1.25, Assert.Single(read.ThresholdsOf("clip")).Value);
        Assert.Equal((0.8, 0.9, 0.85), (rows[0].Sensitivity.Value, rows[0].Specificity.Value, rows[0].Accuracy.Value));
        Assert.Contains(
            "clip@0123abcd,thing,20,8,2,1,9,0.8,0.490162,0.943318,0.9,", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("annotator,kind,true_yes,missed,false_yes\n", "there is no column 'true_no'")]
    [InlineData("annotator,kind,true_yes,missed,false_yes,true_no\na,thing,1,2,3,x\n", ":2: 'x' in column 'true_no'")]
    [InlineData("annotator,kind,true_yes,missed,false_yes,true_no\na,thing,1,2,3,4\na,thing,1,2,3,4\n", ":3: a has the kind 'thing' twice")]
    public void What_is_no_such_table_is_refused(string text, string reason)
    {
        System.IO.File.WriteAllText(File, text);

        Assert.Contains(reason, Assert.Throws<BadInputException>(() => CalibrationTable.Read(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Thresholds_are_those_of_one_machine()
    {
        CalibrationRow row = new("clip@0123abcd", "thing", new Agreement(8, 2, 1, 9)) { Threshold = 1 };

        Assert.Contains(
            "has no threshold of other, only of clip@0123abcd",
            Assert.Throws<BadInputException>(() => new CalibrationTable([row], "c.csv").ThresholdsOf("other")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "two of the name clip",
            Assert.Throws<BadInputException>(() =>
                new CalibrationTable([row, row with { Annotator = "clip@abcd0123" }], "c.csv").ThresholdsOf("clip")).Message,
            StringComparison.Ordinal);
    }
}
