namespace DiffusionLens.Tests.Configs;

/// <summary>A file with some of its bytes changed, lost, doubled or added.</summary>
internal static class ByteMutations
{
    public static byte[] Of(byte[] file, Random random)
    {
        int at = random.Next(file.Length), count = 1 << random.Next(8);
        int end = Math.Min(at + count, file.Length);
        byte[] noise = new byte[count];
        random.NextBytes(noise);
        return random.Next(7) switch
        {
            0 => file[..at],
            1 => [.. file[..at], .. file[end..]],
            2 => [.. file[..end], .. file[at..end], .. file[end..]],
            3 => [.. file[..at], .. noise, .. file[at..]],
            4 => [.. file[..at], .. Enumerable.Repeat((byte)0xFF, end - at), .. file[end..]],
            5 => [.. file[..at], .. Enumerable.Repeat((byte)0, end - at), .. file[end..]],
            _ => [.. file[..at], (byte)(file[at] ^ (1 << random.Next(8))), .. file[(at + 1)..]],
        };
    }
}
