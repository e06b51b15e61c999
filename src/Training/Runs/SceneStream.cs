using System.Collections.Concurrent;
using MiniWorld.Scenes;
using Training.Rendering;
using static TorchSharp.torch;

namespace Training.Runs;

/// <summary>
/// Draws the scenes of each step on a thread of its own, a few steps ahead. A step's scenes follow from the seed and its number alone,
/// so a run that was stopped goes on with the scenes that it would have seen.
/// </summary>
internal sealed class SceneStream : IDisposable
{
    private const int StepsAhead = 4;

    private readonly BlockingCollection<DrawnScene[]> _ready = new(StepsAhead);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _drawing;

    public SceneStream(SceneRenderer renderer, SceneSampler sampler, TrainingOptions options, long firstStep)
    {
        _drawing = Task.Run(() =>
        {
            for (long step = firstStep; step < options.Steps; step++)
            {
                _ready.Add(Draw(renderer, sampler, step * options.Batch, options.Batch), _stop.Token);
            }

            _ready.CompleteAdding();
        });
    }

    public SceneBatch Next()
    {
        if (_drawing.IsFaulted)
        {
            throw new InvalidOperationException("drawing scenes failed", _drawing.Exception);
        }

        return SceneBatch.Of(_ready.Take(_stop.Token));
    }

    /// <summary>Scenes for measuring, the same at every call.</summary>
    public static SceneBatch Fixed(SceneRenderer renderer, SceneSampler sampler, int count, SceneKind? kind = null)
        => SceneBatch.Draw(
            renderer, Enumerable.Range(0, count).Select(i => kind is { } only ? sampler.At((ulong)i, only) : sampler.At((ulong)i)));

    public void Dispose()
    {
        _stop.Cancel();
        try
        {
            _drawing.Wait();
        }
        catch (AggregateException stopped) when (stopped.InnerException is OperationCanceledException)
        {
        }

        _stop.Dispose();
        _ready.Dispose();
    }

    private static DrawnScene[] Draw(SceneRenderer renderer, SceneSampler sampler, long first, int count)
        => [.. Enumerable.Range(0, count).Select(i => sampler.At((ulong)(first + i)))
            .Select(scene => new DrawnScene(scene, renderer.Render(scene)))];
}
