using Fuzz.Mutation;

namespace Fuzz;

/// <summary>One input of a reader: a file of its folder with other bytes. Seed and number make it again.</summary>
/// <param name="File">Which file.</param>
/// <param name="Content">Its content.</param>
internal sealed record FuzzedInput(FuzzedFile File, Content Content)
{
    /// <summary>Makes an input.</summary>
    /// <param name="number">0 is the folder as it should be.</param>
    public static FuzzedInput Of(FuzzedReader reader, int seed, int number)
    {
        if (number == 0)
        {
            return new FuzzedInput(reader.Files[0], reader.Files[0].Corpus[0]);
        }

        Random random = new(SeedOf(reader.Name, seed, number));
        FuzzedFile file = reader.Files[random.Next(reader.Files.Count)];
        Content start = file.Corpus[random.Next(2) == 0 ? 0 : random.Next(file.Corpus.Count)];
        byte[] other = file.Corpus[random.Next(file.Corpus.Count)].Bytes;
        return new FuzzedInput(file, start.With(Mutator.For(file.Path).Mutate(start.Bytes, other, random)));
    }

    // string.GetHashCode differs from process to process.
    private static int SeedOf(string name, int seed, int number)
    {
        uint hash = 2166136261;
        foreach (char letter in $"{name} {seed} {number}")
        {
            hash = (hash ^ letter) * 16777619;
        }

        return (int)(hash ^ (hash >> 15));
    }
}
