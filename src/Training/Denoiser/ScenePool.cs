using DiffusionLens;
using TorchSharp;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Denoiser;

/// <summary>
/// The latest scenes as a denoiser needs them: latents or pixels, and the states of their captions. Encoding a scene costs a third of a
/// training step on it, so each is met several times, with other noise, before a new one takes its place. What the pool holds follows from
/// the step's number alone.
/// </summary>
internal sealed class ScenePool : IDisposable
{
    private const int UsualMeetings = 4, UsualSize = 40_960;

    private readonly FrozenEncoders _encoders;
    private readonly SceneStream _stream;
    private readonly Tensor _targets, _states, _silence;
    private readonly int _size, _fresh;
    private long _filled;

    /// <param name="encoders">What encodes.</param>
    /// <param name="world">Where the scenes come from.</param>
    /// <param name="firstStep">The step that comes next.</param>
    /// <param name="size">How many scenes it holds.</param>
    /// <param name="meetings">How often each is met, on average.</param>
    /// <exception cref="BadInputException">A batch is no multiple of the meetings.</exception>
    public ScenePool(
        FrozenEncoders encoders, World world, TrainingOptions options, long firstStep, int size = UsualSize, int meetings = UsualMeetings)
    {
        if (options.Batch % meetings != 0)
        {
            throw new BadInputException(
                $"--batch {options.Batch}: give a multiple of {meetings}, since each scene is met {meetings} times");
        }

        (_encoders, _size) = (encoders, size);
        _fresh = options.Batch / meetings;
        TrainingOptions drawing = options with { Batch = _fresh, Steps = options.Steps + (size / _fresh) + 1 };
        _stream = new SceneStream(world.Renderer, world.TrainingSampler(options.Seed + 3), drawing, firstStep);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        _silence = encoders.States([""]).DetachFromDisposeScope();
        _targets = zeros([size, .. encoders.TargetShape]).DetachFromDisposeScope();
        _states = zeros([size, _silence.shape[1], _silence.shape[2]], _silence.dtype).DetachFromDisposeScope();
        _filled = firstStep * _fresh;
        for (int filled = 0; filled < size; filled += _fresh)
        {
            Renew();
        }
    }

    /// <summary>A step's batch, drawn from the pool.</summary>
    /// <param name="count">How many.</param>
    /// <param name="shareWithoutCaption">How many of them, of one, have the empty caption's states.</param>
    /// <param name="generator">Where all chance comes from.</param>
    public DenoiserBatch Draw(int count, double shareWithoutCaption, Generator generator)
    {
        using IDisposable noGradient = no_grad();
        Renew();
        Tensor drawn = randint(0, _size, [count], ScalarType.Int64, generator: generator);
        Tensor share = tensor((float)shareWithoutCaption);
        Tensor silent = rand([count, 1, 1], generator: generator).lt(share);
        return new(_targets.index_select(0, drawn), where(silent, _silence, _states.index_select(0, drawn)));
    }

    public void Dispose()
    {
        _stream.Dispose();
        _targets.Dispose();
        _states.Dispose();
        _silence.Dispose();
    }

    // Scene number i has place i modulo the pool's size: the newest take the places of the oldest.
    private void Renew()
    {
        using DisposeScope scope = NewDisposeScope();
        SceneBatch batch = _stream.Next();
        Tensor places = arange(_filled, _filled + _fresh, ScalarType.Int64).remainder(tensor((long)_size));
        _targets.index_copy_(0, places, _encoders.Targets(batch.Pixels));
        _states.index_copy_(0, places, _encoders.States([.. batch.Scenes.Select(drawn => drawn.Scene.Caption)]));
        _filled += _fresh;
    }
}
