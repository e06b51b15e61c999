using System.Globalization;
using System.Text.Json;
using DiffusionLens.Configs;

namespace Experiments.Results;

/// <summary>Who holds a claim, as its file says.</summary>
/// <param name="Process">The process.</param>
/// <param name="Since">When it took the claim, UTC.</param>
/// <param name="Nonce">Tells this claim from every other.</param>
/// <param name="IsPassing">Whether it is given back within a moment.</param>
internal sealed record ClaimHolder(ProcessIdentity Process, DateTime Since, string Nonce, bool IsPassing)
{
    /// <summary>A claim of this process, from now.</summary>
    /// <param name="isPassing">Whether it is given back within a moment.</param>
    public static ClaimHolder Here(bool isPassing) => new(ProcessIdentity.Here, DateTime.UtcNow, Guid.NewGuid().ToString("N"), isPassing);

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null where it is not whole.</summary>
    public static ClaimHolder? Of(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<ClaimHolder>(bytes) is { Process: { Host: { }, Boot: { }, Namespace: { } } } holder
                && holder.Nonce is { Length: > 0 } nonce && nonce.All(char.IsAsciiLetterOrDigit) ? holder : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this), (byte)'\n'];

    /// <summary>For messages.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"process {Process.Id} on {Process.Host}, since {Since:yyyy-MM-dd HH:mm:ss} UTC");
}
