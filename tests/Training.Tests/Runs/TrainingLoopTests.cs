using DiffusionLens;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using Training.Optimization;
using Training.Runs;
using static TorchSharp.torch;
using Linear = TorchSharp.Modules.Linear;

namespace Training.Tests.Runs;

public sealed class TrainingLoopTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly string _lexicon, _frozen;

    public TrainingLoopTests()
    {
        _lexicon = Path.Combine(_folder.FullName, "words.yaml");
        File.WriteAllText(_lexicon, "words");
        _frozen = _folder.CreateSubdirectory("models").CreateSubdirectory("encoder").FullName;
        File.WriteAllText(Path.Combine(_frozen, "config.json"), "{}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_was_killed_ends_with_the_weights_of_one_that_was_not(bool withMuon)
    {
        float[] whole = Train("whole", killedAt: null, withMuon);

        Assert.Throws<OperationCanceledException>(() => Train("killed", killedAt: 7, withMuon));
        float[] resumed = Train("killed", killedAt: null, withMuon);

        Assert.Equal(whole, resumed);
    }

    [Fact]
    public void Matrices_that_are_left_to_Muon_end_elsewhere()
        => Assert.NotEqual(Train("adamw", killedAt: null), Train("muon", killedAt: null, withMuon: true));

    [Fact]
    public void Training_lowers_the_loss_and_logs_every_checkpoint_once()
    {
        Train("logged", killedAt: null);
        string[] log = File.ReadAllLines(Path.Combine(_folder.FullName, "logged", "log.csv"));
        Assert.Equal("step,samples,seconds,learning_rate,loss,measured", log[0]);
        Assert.Equal(
            Enumerable.Range(1, 12).Select(step => step.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            log.Skip(1).Select(line => line.Split(',')[0]));
    }

    [Theory]
    [InlineData("--seed 5", "--seed 6")]
    [InlineData("--batch 4", "--batch 8")]
    [InlineData("--rate 0.01", "--rate 0.02")]
    [InlineData("--optimizer adamw", "--optimizer muon")]
    [InlineData("no --from-models", "--from-models")]
    public void A_checkpoint_of_other_options_is_refused_with_both_whether_its_run_was_killed_or_done(string its, string own)
    {
        Assert.Throws<OperationCanceledException>(() => Train("killed", killedAt: 7));
        Train("done", killedAt: null);

        Assert.All((string[])["killed", "done"], name => Assert.Equal(
            $"{StateOf(name)}: is of {its}; this command has {own}; give another --checkpoints, or remove it",
            Assert.Throws<BadInputException>(() => Train(name, killedAt: null, change: options => With(options, own))).Message));
    }

    [Fact]
    public void A_checkpoint_of_other_words_or_of_other_parts_below_is_refused()
    {
        Train("done", killedAt: null);

        File.WriteAllText(Path.Combine(_frozen, "config.json"), "{\"scaling_factor\": 2}");
        Assert.Contains("done/state.safetensors: is of encoder of hash ", Refused(), StringComparison.Ordinal);
        File.WriteAllText(_lexicon, "other words");
        Assert.Contains("done/state.safetensors: is of --lexicon of hash ", Refused(), StringComparison.Ordinal);

        string Refused() => Assert.Throws<BadInputException>(() => Train("done", killedAt: null)).Message.Replace('\\', '/');
    }

    [Fact]
    public void Another_number_of_steps_is_taken_as_long_as_it_is_not_passed_already()
    {
        Assert.Throws<OperationCanceledException>(() => Train("killed", killedAt: 7));
        Train("killed", killedAt: null, change: options => options with { Steps = 9 });

        string refused = Assert.Throws<BadInputException>(
            () => Train("killed", killedAt: null, change: options => options with { Steps = 8 })).Message;
        Assert.Equal(
            $"{StateOf("killed")}: is at step 9 already, and --steps is 8; give more steps, or give another --checkpoints, or remove it",
            refused);
    }

    [Fact]
    public void A_checkpoint_that_does_not_say_what_it_is_of_is_taken_if_it_has_the_form()
    {
        float[] whole = Train("whole", killedAt: null);
        Assert.Throws<OperationCanceledException>(() => Train("earlier", killedAt: 7));
        ForgetOrigin("earlier");

        Assert.Equal(
            $"{StateOf("earlier")}: is of another --optimizer; give another --checkpoints, or remove it",
            Assert.Throws<BadInputException>(() => Train("earlier", killedAt: null, withMuon: true)).Message);
        Assert.Equal(
            $"{StateOf("earlier")}: is of another network; give another --checkpoints, or remove it",
            Assert.Throws<BadInputException>(() => Train("earlier", killedAt: null, outputs: 3)).Message);
        Assert.Equal(whole, Train("earlier", killedAt: null));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static TrainingOptions With(TrainingOptions options, string option) => option switch
    {
        "--seed 6" => options with { Seed = 6 },
        "--batch 8" => options with { Batch = 8 },
        "--rate 0.02" => options with { LearningRate = 0.02 },
        "--optimizer muon" => options with { WithMuon = true },
        "--from-models" => options with { FromModels = true },
        _ => throw new ArgumentException($"no such option here: {option}", nameof(option)),
    };

    private string StateOf(string name) => Path.Combine(_folder.FullName, name, "state.safetensors");

    // As checkpoints were written before they said it.
    private void ForgetOrigin(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> state;
        string steps;
        using (SafetensorsFile file = SafetensorsFile.Open(StateOf(name)))
        {
            steps = file.Metadata["steps"];
            state = file.Entries.Keys.ToDictionary(key => key, key => file.Read(key));
        }

        SafetensorsWriter.Write(StateOf(name), state, new Dictionary<string, string> { ["steps"] = steps });
    }

    private float[] Train(
        string name, int? killedAt, bool withMuon = false, Func<TrainingOptions, TrainingOptions>? change = null, int outputs = 2)
    {
        using DisposeScope scope = NewDisposeScope();
        TrainingOptions options = new()
        {
            Art = "",
            Lexicon = _lexicon,
            Checkpoints = _folder.FullName,
            Models = Path.Combine(_folder.FullName, "models"),
            Steps = 12,
            Batch = 4,
            LearningRate = 0.01,
            Seed = 5,
            DType = ScalarType.Float32,
            FromModels = false,
            WithMuon = withMuon,
        };
        using Linear network = nn.Linear(3, outputs);
        InitialValues.Set(network, 1);
        using TrainingLoop loop = new(name, network, change?.Invoke(options) ?? options, [_frozen], "measured")
        {
            BetweenCheckpoints = TimeSpan.Zero,
        };
        loop.Run(
            (step, generator) => step == killedAt
                ? throw new OperationCanceledException()
                : network.forward(randn([4, 3], generator: generator)).Squared().mean(),
            () => [1.0]);
        return [.. network.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
    }
}
