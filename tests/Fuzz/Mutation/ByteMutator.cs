namespace Fuzz.Mutation;

/// <summary>Changes bytes of which nothing is known.</summary>
internal sealed class ByteMutator : Mutator
{
    private static readonly byte[] Telling =
        [0, 1, 0x0A, 0x0D, 0x20, 0x22, 0x2C, 0x2D, 0x30, 0x5B, 0x7B, 0x7F, 0x80, 0xBF, 0xC0, 0xED, 0xFE, 0xFF];

    private protected override byte[] Once(byte[] bytes, byte[] other, Random random) => Change(bytes, other, random);

    /// <summary>Flips, sets, cuts, repeats or splices.</summary>
    public static byte[] Change(byte[] bytes, byte[] other, Random random)
    {
        if (bytes.Length == 0)
        {
            return other;
        }

        int at = random.Next(bytes.Length), end = Math.Min(bytes.Length, at + 1 + random.Next(random.Next(4) == 0 ? bytes.Length : 16));
        byte[] changed = [.. bytes];
        switch (random.Next(9))
        {
            case 0:
                changed[at] ^= (byte)(1 << random.Next(8));
                return changed;
            case 1:
                changed[at] = Any(Telling, random);
                return changed;
            case 2:
                random.NextBytes(changed.AsSpan(at..end));
                return changed;
            case 3:
                return bytes[..at];
            case 4:
                return Replaced(bytes, at, end, []);
            case 5:
                return Replaced(bytes, at, at, bytes.AsSpan(at..end));
            case 6:
                changed.AsSpan(at..end).Fill(Any(Telling, random));
                return changed;
            case 7 when other.Length > 0:
                int from = random.Next(other.Length);
                return Replaced(bytes, at, random.Next(2) == 0 ? at : bytes.Length, other.AsSpan(from));
            default:
                byte[] repeated = new byte[random.Next(3) == 0 ? 100_000 : 300];
                repeated.AsSpan().Fill(bytes[at]);
                return Replaced(bytes, at, at, repeated);
        }
    }
}
