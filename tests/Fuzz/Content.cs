namespace Fuzz;

/// <summary>What is in a file: some bytes, and zeros after them that no disk has to hold (the values of tensors).</summary>
/// <param name="Bytes">The bytes that are mutated.</param>
/// <param name="ZerosAfter">How many zeros follow.</param>
internal sealed record Content(byte[] Bytes, long ZerosAfter = 0)
{
    /// <summary>The same with other bytes.</summary>
    public Content With(byte[] bytes) => this with { Bytes = bytes };

    public void WriteTo(string path)
    {
        using FileStream file = File.Create(path);
        file.Write(Bytes);
        if (ZerosAfter > 0)
        {
            file.SetLength(Bytes.LongLength + ZerosAfter);
        }
    }
}
