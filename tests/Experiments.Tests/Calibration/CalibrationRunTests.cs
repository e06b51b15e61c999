using Experiments.Cli;
using Experiments.Console;
using Experiments.Images;
using Experiments.Measures;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Tests.Calibration;

/// <summary>From the command line: images whose truth is known, and what is written of who was asked about them.</summary>
public sealed class CalibrationRunTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("calibrate-").FullName;

    public CalibrationRunTests()
    {
        for (int i = 0; i < 2; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            ImageFile.Write(Path.Combine(_root, $"{i}.png"), full([3, 64, 64], 0.5 * i, ScalarType.Float32), "test");
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_the_recognizer_says_of_empty_images_is_counted_against_the_truth()
    {
        Truth("image,thing,color,relation,to,any,truth\n0.png,car,,,,,no\n0.png,car,red,,,,0\n0.png,,blue,,,,yes\n"
            + "1.png,dog,,in,box,,no\n1.png,dog,,any,box,,no\n1.png,,,,,animal,no\n");

        (int code, string output, string error) = Run("--images", _root, "--out", Path.Combine(_root, "out"));

        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Contains("6 questions about 2 images", output, StringComparison.Ordinal);
        CalibrationTable table = CalibrationTable.Read(Path.Combine(_root, "out", "calibration.csv"));
        Assert.Equal(["thing", "thing in color", "color", "relation", "together", "animal"], table.Rows.Select(row => row.Kind));
        Assert.Equal(new Agreement(0, 0, 0, 1), table.Rows[0].Confusion);
        Assert.Equal(1, table.Rows[2].Confusion.BothYes + table.Rows[2].Confusion.FirstOnly);
        Assert.True(File.Exists(Path.Combine(_root, "out", "tables", "calibration.tex")));
        Assert.Equal(7, File.ReadLines(Path.Combine(_root, "out", "calibration-answers.csv")).Count());
    }

    [Fact]
    public void Libtorch_says_nothing_of_NNPACK_where_one_thread_looks()
    {
        Truth("image,thing,truth\n0.png,car,no\n");

        (int code, string output) = ChildProgram.Run(
            new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "1" },
            "cli", "calibrate", "--images", _root, "--out", Path.Combine(_root, "out"));

        Assert.Equal(ExitCode.Done, code);
        Assert.DoesNotContain("NNPACK", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Clip_is_asked_beside_it_and_its_thresholds_can_be_taken()
    {
        Truth("picture,thing: car,thing: dog,color: red,red car,animal\n0.png,yes,no,,no,no\n1.png,no,yes,no,no,yes\n");
        string clip = Path.Combine(AppContext.BaseDirectory, "reference", "clip"), first = Path.Combine(_root, "first");

        Assert.Equal(ExitCode.Done, Run("--images", _root, "--annotators", "recognizer,clip", "--clip", clip, "--out", first).Code);
        string thresholds = Path.Combine(first, "calibration.csv");
        (int code, string output, _) = Run(
            "--images", _root, "--annotators", "clip", "--clip", clip, "--clip-thresholds", thresholds,
            "--out", Path.Combine(_root, "second"));

        Assert.Equal(ExitCode.Done, code);
        string[] before = [.. CalibrationTable.Read(thresholds).Annotators];
        Assert.Equal(2, before.Length);
        Assert.Contains("clip@", output, StringComparison.Ordinal);
        Assert.DoesNotContain(before[1], output, StringComparison.Ordinal);
        CalibrationTable calibrated = CalibrationTable.Read(Path.Combine(_root, "second", "calibration.csv"));
        Assert.Equal(
            CalibrationTable.Read(thresholds).Find(before[1], "thing")!.ThresholdAccuracy!.Value,
            (calibrated.Rows[0].Sensitivity.Value + calibrated.Rows[0].Specificity.Value) / 2,
            1e-6);
    }

    [Theory]
    [InlineData("image,thing,truth\n0.png,car,maybe\n", "truth.csv:2: 'maybe' in column 'truth'")]
    [InlineData("image,thing,truth\n9.png,car,yes\n", "truth.csv:2: there is no image '9.png'")]
    [InlineData("image,thing,truth\n0.png,,yes\n", "truth.csv:2: says nothing")]
    [InlineData("image,thing,truth\n0.png,car,yes\n0.png,car,no\n", "'thing: car' is true and false")]
    [InlineData("image,thing,relation,truth\n0.png,car,in,yes\n", "truth.csv:2: a relation is of one thing to another")]
    [InlineData("image,thing,colour,truth\n0.png,car,red,yes\n", "did you mean 'color'")]
    [InlineData("image,thing: zeppelin\n0.png,yes\n", "'thing: zeppelin' is no question about images of the lexicon 'mini'")]
    [InlineData("thing: car\nyes\n", "truth.csv:1: there is no column 'image'")]
    [InlineData("image,truth,thing\n", "says nothing of any image")]
    [InlineData("image,thing,truth\n0.png,zeppelin,yes\n", "does not know 'zeppelin'")]
    public void What_is_wrong_with_the_truth_is_said_in_a_line(string truth, string reason)
    {
        Truth(truth);

        (int code, _, string error) = Run("--images", _root, "--out", Path.Combine(_root, "out"));

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_root, "out", "calibration.csv")));
    }

    [Fact]
    public void People_are_not_asked()
    {
        Truth("image,thing,truth\n0.png,car,yes\n");

        Assert.Contains("asks machines alone", Run("--images", _root, "--annotators", "people").Error, StringComparison.Ordinal);
    }

    private void Truth(string text) => File.WriteAllText(Path.Combine(_root, "truth.csv"), text);

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        Terminal terminal = new(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None);
        int code = CommandLine.Run(["calibrate", .. arguments], terminal);
        return (code, output.ToString(), error.ToString());
    }
}
