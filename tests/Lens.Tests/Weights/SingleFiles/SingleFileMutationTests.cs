using System.Buffers.Binary;
using System.Text;
using DiffusionLens.Families;
using DiffusionLens.Tests.Configs;
using DiffusionLens.Weights.SingleFiles;

namespace DiffusionLens.Tests.Weights.SingleFiles;

/// <summary>A model in a single file whose header names, shapes or lacks tensors as no such file does.</summary>
public sealed class SingleFileMutationTests
{
    private const int Few = 60;

    [Theory]
    [InlineData("sd1")]
    [InlineData("sd2")]
    [InlineData("sdxl")]
    public void A_file_with_another_header_is_inspected_or_refused_in_a_line(string name)
    {
        using TemporaryFolder folder = new();
        ReferenceFile reference = ReferenceFile.Of(name);
        string path = reference.Write(folder);
        byte[] whole = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(whole);
        string header = Encoding.UTF8.GetString(whole, 8, length).TrimEnd();
        Random random = new(name.Length);
        string[] signs = ["0", "1", "9", "999999999", "weight", "transformer_blocks", "input_blocks", ".", "attn1", "layers", "_"];

        Mutations.None(
            from change in Mutations.Some(Enumerable.Range(0, 50 * Few).Select(_ => random.Next()), Few)
            let fault = FaultOf(Renamed(new Random(change)))
            where fault is not null
            select $"{name}: {fault}");

        // Names alone: bytes and shapes stay in order, so that it is read as far as its tensors go.
        string Renamed(Random choice)
        {
            string changed = header;
            for (int times = choice.Next(1, 4); times > 0; times--)
            {
                int at = changed.IndexOf(signs[choice.Next(signs.Length)], choice.Next(changed.Length), StringComparison.Ordinal);
                int end = at < 0 ? -1 : changed.IndexOfAny(['.', '"', ',', ']'], at + 1);
                changed = end < 0 ? changed : changed[..at] + signs[choice.Next(signs.Length)] + changed[end..];
            }

            return changed;
        }

        string? FaultOf(string other)
        {
            byte[] json = Encoding.UTF8.GetBytes(other), prefix = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)json.Length);
            File.WriteAllBytes(path, [.. prefix, .. json, .. whole[(8 + length)..]]);
            return Mutations.Fault(() =>
            {
                ModelFamily.Inspect([path], variant: null, new SingleFileOptions(ConfigFolder: reference.Configs));
                ModelFamily.Inspect([path], variant: null);
            });
        }
    }
}
