using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using Training.Optimization;
using static TorchSharp.torch;

namespace Training.Runs;

/// <summary>
/// Steps, progress, log, measuring and checkpoints of one training. Killed at any moment it goes on from its last checkpoint, with the
/// scenes and the noise that it would have had.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    private const double WarmUpSteps = 200;
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(30);

    private readonly TrainingOptions _options;
    private readonly string _name, _folder;
    private readonly AdamW _optimizer;
    private readonly ParameterVector _parameters;
    private readonly double _secondsBefore;
    private readonly TrainingLog _log;
    private readonly Checkpoint _checkpoint;

    /// <param name="name">The part; its folder among the checkpoints.</param>
    /// <param name="network">What is trained; already holds starting values.</param>
    /// <param name="options">The run's settings.</param>
    /// <param name="frozen">Folders of the finished parts that it is trained on.</param>
    /// <param name="measures">Names of what <see cref="Run"/>'s measuring gives.</param>
    /// <exception cref="DiffusionLens.BadInputException">Its checkpoint is of another training.</exception>
    public TrainingLoop(
        string name, nn.Module network, TrainingOptions options, IReadOnlyList<string> frozen, params string[] measures)
    {
        (_name, _options) = (name, options);
        _folder = Path.Combine(options.Checkpoints, name);
        Directory.CreateDirectory(_folder);
        _parameters = new ParameterVector(network);
        _optimizer = new AdamW(_parameters, weightDecay: 0.02, options.WithMuon);
        _checkpoint = new Checkpoint(PathOf("state.safetensors"), RunOrigin.Of(network, options, frozen));
        if (_checkpoint.Restore(_optimizer, options.Steps))
        {
            Console.WriteLine($"{name}: goes on at step {_optimizer.Steps} of {options.Steps}");
        }

        _log = new TrainingLog(PathOf("log.csv"), _optimizer.Steps, ["learning_rate", "loss", .. measures]);
        _secondsBefore = _log.Seconds;
    }

    public long Done => _optimizer.Steps;

    /// <summary>At most so much work is lost when the run is killed.</summary>
    public TimeSpan BetweenCheckpoints { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>A file in the part's folder.</summary>
    public string PathOf(string file) => Path.Combine(_folder, file);

    /// <summary>Runs what is left of the steps, then leaves the averaged weights in the network.</summary>
    /// <param name="lossOf">Builds the loss of a step; it is called with the step's number and a torch generator seeded for it.</param>
    /// <param name="measure">Measures the averaged weights, every checkpoint and at the end.</param>
    public void Run(Func<long, Generator, Tensor> lossOf, Func<double[]> measure)
    {
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan lastReport = TimeSpan.Zero, lastCheckpoint = TimeSpan.Zero;
        double lossSum = 0;
        long lossCount = 0, first = Done;
        while (Done < _options.Steps)
        {
            double rate = _options.LearningRate * Math.Min((Done + 1) / WarmUpSteps, 1.0 - ((double)Done / _options.Steps));
            using (DisposeScope scope = NewDisposeScope())
            using (Generator generator = new(_options.Seed + (ulong)Done, CPU))
            {
                Tensor loss = lossOf(Done, generator);
                loss.backward();
                _optimizer.Step(rate);
                lossSum += loss.to(ScalarType.Float32).ToSingle();
                lossCount++;
            }

            bool last = Done == _options.Steps, checkpoint = last || clock.Elapsed - lastCheckpoint >= BetweenCheckpoints;
            if (checkpoint || clock.Elapsed - lastReport > BetweenReports)
            {
                double perSecond = (Done - first) * _options.Batch / clock.Elapsed.TotalSeconds;
                TimeSpan left = TimeSpan.FromSeconds((_options.Steps - Done) * _options.Batch / perSecond);
                Console.WriteLine(
                    $"{Done}/{_options.Steps}  loss {lossSum / lossCount:F5}  {perSecond:F0} samples/s  {left:hh\\:mm\\:ss} left");
                if (checkpoint)
                {
                    double[] measured = WithAverage(measure);
                    _log.Add(
                        Done, Done * _options.Batch, _secondsBefore + clock.Elapsed.TotalSeconds, [rate, lossSum / lossCount, .. measured]);
                    IEnumerable<string> shown = measured.Select(value => value.ToString("G4", CultureInfo.InvariantCulture));
                    Console.WriteLine("    " + string.Join("  ", shown));
                    _checkpoint.Save(_optimizer);
                    lastCheckpoint = clock.Elapsed;
                }

                (lossSum, lossCount, lastReport) = (0, 0, clock.Elapsed);
            }
        }

        _parameters.Assign(_optimizer.Average);
    }

    /// <summary>Puts the log, and a plot of it, into the <c>training</c> folder of the model that was trained.</summary>
    public void Publish(string modelFolder)
    {
        string training = Path.Combine(modelFolder, "training"), log = Path.Combine(training, _name + ".csv");
        Directory.CreateDirectory(training);
        File.Copy(PathOf("log.csv"), log, overwrite: true);
        TrainingPlot.Draw(log, Path.ChangeExtension(log, ".png"));
    }

    public void Dispose() => _optimizer.Dispose();

    private double[] WithAverage(Func<double[]> measure)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        _parameters.Assign(_optimizer.Average);
        double[] measured = measure();
        _parameters.Assign(_optimizer.Weights);
        return measured;
    }
}
