using DiffusionLens.Runtime;

namespace Training.Rendering;

/// <summary>Even sizes alone, so that few sprites are kept; both ends are even and occur.</summary>
internal readonly record struct SizeRange(int Smallest, int Largest)
{
    public int Draw(SplitMix64 random) => 2 * random.Whole(Smallest / 2, Largest / 2);

    public IEnumerable<int> All()
    {
        for (int size = Smallest; size <= Largest; size += 2)
        {
            yield return size;
        }
    }
}
