using DiffusionLens;
using DiffusionLens.Runtime;
using MiniWorld.Recognition;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MiniWorld.Tests.Recognition;

public sealed class RecognizerTests : IDisposable
{
    private static readonly RecognizerConfig Config = new(["car", "dog", "aldo marn"], ["red", "blue"], Width: 32);

    private readonly RecognizerNetwork _network = new(Config, Placement.Default);
    private readonly Recognizer _recognizer;

    public RecognizerTests()
    {
        using IDisposable noGradient = no_grad();
        using Generator generator = new(5, CPU);
        foreach (Parameter parameter in _network.parameters())
        {
            using Tensor values = randn(parameter.shape, generator: generator);
            parameter.copy_(values.Times(0.2));
        }

        _recognizer = new Recognizer(_network, Config, Lexicon.Load(Path.Combine(AppContext.BaseDirectory, "lexicons", "mini.yaml")));
    }

    [Fact]
    public void Every_score_is_a_probability()
    {
        using Tensor pixels = rand(3, 3, 64, 64);
        Recognizer.SeenImages seen = _recognizer.Look(pixels);
        Question[] questions =
        [
            new Question.ThingPresent("car"), new Question.ColorPresent("red"), new Question.ThingInColor("car", "blue"),
            new Question.Related("dog", "in", "car"), new Question.AnimalPresent(), new Question.PersonPresent(),
        ];
        Assert.All(questions, question => Assert.InRange(seen.Score(2, question), 0, 1));
    }

    [Fact]
    public void A_thing_in_a_color_is_never_surer_than_the_thing_alone()
    {
        using Tensor pixels = rand(8, 3, 64, 64);
        Recognizer.SeenImages seen = _recognizer.Look(pixels);
        Assert.All(Enumerable.Range(0, 8), i => Assert.True(
            seen.Score(i, new Question.ThingInColor("car", "red")) <= seen.Score(i, new Question.ThingPresent("car"))));
    }

    [Fact]
    public void A_yes_is_a_score_above_the_config_s_threshold()
    {
        using Tensor pixels = rand(1, 3, 64, 64);
        Question question = new Question.ThingPresent("car");
        double score = _recognizer.Look(pixels).Score(0, question);

        Assert.Equal(score > 0.5, _recognizer.Look(pixels).Shows(0, question));
        Assert.True(With(score - 0.001).Look(pixels).Shows(0, question));
        Assert.False(With(score).Look(pixels).Shows(0, question));

        Recognizer With(double threshold) => new(_network, Config with { Threshold = threshold }, Mini.Lexicon);
    }

    [Fact]
    public void A_config_without_a_threshold_has_a_half_and_one_that_is_written_is_read_again()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """{"things": ["a"], "colors": ["red"], "width": 32}""");
            Assert.Equal(0.5, RecognizerConfig.Read(path).Threshold);
            File.WriteAllText(path, (Config with { Threshold = 0.83 }).ToJson().GetRawText());
            Assert.Equal(0.83, RecognizerConfig.Read(path).Threshold);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_word_that_it_was_not_trained_on_is_refused_by_name()
    {
        using Tensor pixels = rand(1, 3, 64, 64);
        Recognizer.SeenImages seen = _recognizer.Look(pixels);
        BadInputException error = Assert.Throws<BadInputException>(() => seen.Score(0, new Question.ThingPresent("zeppelin")));
        Assert.Contains("zeppelin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_weights_are_refused_and_no_answer_is_made_of_them()
    {
        (string name, Parameter parameter) = _network.named_parameters().First();
        using IDisposable noGradient = no_grad();
        parameter.fill_(double.NaN);
        using Tensor pixels = rand(1, 3, 64, 64);

        BadInputException error = Assert.Throws<BadInputException>(() => _recognizer.Look(pixels));

        Assert.Contains($"the weights are damaged ({name} is not finite)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_another_size_are_refused()
    {
        using Tensor pixels = rand(1, 3, 32, 32);
        Assert.Throws<BadInputException>(() => _recognizer.Look(pixels));
    }

    [Fact]
    public void A_folder_without_a_config_is_refused_by_its_path()
    {
        BadInputException error = Assert.Throws<BadInputException>(() => RecognizerConfig.Read("nowhere/config.json"));
        Assert.Contains("nowhere/config.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"things": ["a", "b", "a"], "colors": ["red"], "width": 32}""", "things has 'a' twice; keep one")]
    [InlineData("""{"things": ["a"], "colors": ["red", "red"], "width": 32}""", "colors has 'red' twice; keep one")]
    [InlineData("""{"things": ["a"], "colors": [""], "width": 32}""", "colors has an empty word")]
    [InlineData("""{"things": ["a", null], "colors": ["red"], "width": 32}""", "things is [\"a\",null]; it must be a list of strings")]
    [InlineData("""{"things": "a", "colors": ["red"], "width": 32}""", "things is \"a\"; it must be a list of strings")]
    [InlineData("""{"things": ["a"], "colors": ["red"]}""", "it must have things, colors and width")]
    [InlineData("""{"things": [], "colors": ["red"], "width": 32}""", "it must have things, colors and width")]
    [InlineData("""{"things": ["a"], "colors": ["red"], "width": 2147483647}""", "width is 2147483647; it must be a whole number, 16 to")]
    [InlineData("""{"things": ["a"], "colors": ["red"], "width": -8}""", "width is -8; it must be a whole number, 16 to")]
    [InlineData("""{"things": ["a"], "colors": ["red"], "width": 33}""", "width is 33; it must be a multiple of 16")]
    [InlineData("""{"things": ["a"], "colors": ["red"], "width": 32, "threshold": 1.5}""", "threshold is 1.5; it must be")]
    [InlineData("""{"things": ["a"], "colors": ["red"], "width": 32, "width": 32}""", "is not JSON (")]
    [InlineData("[]", "holds no JSON object")]
    public void A_config_with_what_no_network_has_is_refused_in_a_line(string json, string error)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json);
            string message = Assert.Throws<BadInputException>(() => RecognizerConfig.Read(path)).Message;
            Assert.StartsWith(path, message, StringComparison.Ordinal);
            Assert.Contains(error, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public void Dispose() => _recognizer.Dispose();
}
