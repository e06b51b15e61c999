using System.Collections.Concurrent;
using MiniWorld;
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
    private const ulong StepStride = 0x9E37_79B9_7F4A_7C15;

    private readonly BlockingCollection<RenderedScene[]> _ready = new(StepsAhead);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _drawing;

    public SceneStream(SceneRenderer renderer, Func<ulong, SceneSampler> sampler, TrainingOptions options, long firstStep)
    {
        _drawing = Task.Run(() =>
        {
            for (long step = firstStep; step < options.Steps; step++)
            {
                _ready.Add(Draw(renderer, sampler(options.Seed + ((ulong)(step + 1) * StepStride)), options.Batch), _stop.Token);
            }

            _ready.CompleteAdding();
        });
    }

    /// <summary>The next step's scenes.</summary>
    public SceneBatch Next()
    {
        if (_drawing.IsFaulted)
        {
            throw new InvalidOperationException("drawing scenes failed", _drawing.Exception);
        }

        return ToBatch(_ready.Take(_stop.Token));
    }

    /// <summary>Scenes for measuring, the same at every call.</summary>
    public static SceneBatch Fixed(SceneRenderer renderer, SceneSampler sampler, int count) => ToBatch(Draw(renderer, sampler, count));

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

    private static RenderedScene[] Draw(SceneRenderer renderer, SceneSampler sampler, int count)
        => [.. Enumerable.Range(0, count).Select(_ => renderer.Render(sampler.Next()))];

    private static SceneBatch ToBatch(RenderedScene[] scenes)
    {
        float[] all = new float[scenes.Length * 3 * 64 * 64];
        for (int i = 0; i < scenes.Length; i++)
        {
            scenes[i].Pixels.CopyTo(all, i * 3 * 64 * 64);
        }

        return new(scenes, tensor(all, [scenes.Length, 3, 64, 64]));
    }
}
