using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Experiments.Images;

/// <summary>
/// A hash of an image's pixels, whatever file they stand in: <c>px-</c> and 16 hexadecimal digits. The letters in front keep a spreadsheet
/// from taking it for a number.
/// </summary>
internal static partial class PixelHash
{
    private const string Prefix = "px-";
    private const int Digits = 16;

    /// <summary>The hash of an image.</summary>
    public static string Of(ImageLevels image)
    {
        Span<byte> size = stackalloc byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(size, image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(size[sizeof(int)..], image.Height);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(size);
        hash.AppendData(image.Rgb);
        return Prefix + Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];
    }

    /// <summary>Whether a text is such a hash.</summary>
    public static bool IsOne(string text) => Pattern().IsMatch(text);

    [GeneratedRegex(@"^px-[0-9a-f]{16}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
