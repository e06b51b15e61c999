using DiffusionLens.Runtime;

namespace MiniWorld.Scenes;

/// <summary>Things to draw from, each as often as its frequency says. Immutable.</summary>
internal sealed class WeightedSampler<T>
{
    private readonly T[] _things;
    private readonly double[] _upTo;

    public WeightedSampler(IEnumerable<(T Thing, double Frequency)> things)
    {
        (T Thing, double Frequency)[] all = [.. things.Where(entry => entry.Frequency > 0)];
        _things = [.. all.Select(entry => entry.Thing)];
        _upTo = new double[all.Length];
        double sum = 0;
        for (int i = 0; i < all.Length; i++)
        {
            _upTo[i] = sum += all[i].Frequency;
        }
    }

    public IReadOnlyList<T> Things => _things;

    public T Draw(SplitMix64 random)
    {
        int index = Array.BinarySearch(_upTo, random.NextDouble() * _upTo[^1]);
        return _things[index < 0 ? ~index : index + 1];
    }
}
