using System.Security.Cryptography;
using System.Text;

namespace DiffusionLens.Weights;

/// <summary>SHA-256 of texts.</summary>
internal static class ContentHash
{
    /// <summary>Of lines in their order; none has a line end in it.</summary>
    /// <returns>64 hexadecimal digits.</returns>
    public static string Of(IEnumerable<string> lines)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string line in lines)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Of bytes.</summary>
    public static string Of(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
