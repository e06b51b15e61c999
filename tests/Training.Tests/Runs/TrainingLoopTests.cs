using TorchSharp;
using Training.Optimization;
using Training.Runs;
using static TorchSharp.torch;
using Linear = TorchSharp.Modules.Linear;

namespace Training.Tests.Runs;

public sealed class TrainingLoopTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

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

    public void Dispose() => _folder.Delete(recursive: true);

    private float[] Train(string name, int? killedAt, bool withMuon = false)
    {
        using DisposeScope scope = NewDisposeScope();
        TrainingOptions options = new()
        {
            Art = "",
            Lexicon = "",
            Checkpoints = _folder.FullName,
            Models = "",
            Steps = 12,
            Batch = 4,
            LearningRate = 0.01,
            Seed = 5,
            DType = ScalarType.Float32,
            FromModels = false,
            WithMuon = withMuon,
        };
        using Linear network = nn.Linear(3, 2);
        InitialValues.Set(network, 1);
        using TrainingLoop loop = new(name, network, options, "measured") { BetweenCheckpoints = TimeSpan.Zero };
        loop.Run(
            (step, generator) => step == killedAt
                ? throw new OperationCanceledException()
                : network.forward(randn([4, 3], generator: generator)).square().mean(),
            () => [1.0]);
        return [.. network.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
    }
}
