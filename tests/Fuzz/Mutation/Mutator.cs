namespace Fuzz.Mutation;

/// <summary>
/// Changes bytes, knowing what they are to be: most changes leave a file that a reader does not throw away at its first byte.
/// </summary>
internal abstract class Mutator
{
    /// <summary>The largest input, in bytes.</summary>
    private const int Largest = 3_000_000;

    private static readonly JsonMutator Json = new();
    private static readonly TextMutator Text = new();
    private static readonly ByteMutator Bytes = new();
    private static readonly SafetensorsMutator Safetensors = new();
    private static readonly PngMutator Png = new();
    private static readonly ProtobufMutator Protobuf = new();

    /// <summary>The mutator for a file, by its ending.</summary>
    public static Mutator For(string path) => Path.GetExtension(path) switch
    {
        ".json" => Json,
        ".safetensors" => Safetensors,
        ".png" => Png,
        ".model" => Protobuf,
        ".bin" => Bytes,
        _ => Text,
    };

    /// <summary>Changes bytes once or several times.</summary>
    /// <param name="bytes">The start; left as it is.</param>
    /// <param name="other">Another input of the corpus, to take pieces from.</param>
    public byte[] Mutate(byte[] bytes, byte[] other, Random random)
    {
        int changes = 1 + (random.Next(2) == 0 ? 0 : random.Next(4));
        for (int change = 0; change < changes; change++)
        {
            byte[] changed = random.Next(8) == 0 ? ByteMutator.Change(bytes, other, random) : Once(bytes, other, random);

            // What an input may cost is measured: it must not be large itself.
            bytes = changed.Length <= Largest ? changed : bytes;
        }

        return bytes;
    }

    private protected abstract byte[] Once(byte[] bytes, byte[] other, Random random);

    private protected static byte[] Replaced(byte[] bytes, int start, int end, ReadOnlySpan<byte> by)
    {
        byte[] changed = new byte[bytes.Length - (end - start) + by.Length];
        bytes.AsSpan(0, start).CopyTo(changed);
        by.CopyTo(changed.AsSpan(start));
        bytes.AsSpan(end).CopyTo(changed.AsSpan(start + by.Length));
        return changed;
    }

    private protected static T Any<T>(IReadOnlyList<T> list, Random random) => list[random.Next(list.Count)];
}
