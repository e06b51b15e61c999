using System.Buffers.Binary;
using System.Text;
using Lens.Weights;

namespace Lens.Tests.Weights;

public sealed class HostileHeaderTests : IDisposable
{
    private const string Good = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_file_opens()
    {
        using SafetensorsFile file = SafetensorsFile.Open(Written(Good, 8));
        Assert.Equal([2L], file.Entries["a"].Shape);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", 8, "header cannot be read")]
    [InlineData("""[1]""", 0, "not a JSON object")]
    [InlineData("""{"a":7}""", 0, "'a': must be described by")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"extra":1}}""", 8, "'a': must be described by")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "'a': dtype missing")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", 8, "'a': dtype 'F8_E4M3'; known are F64")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,8]}}""", 8, "'a': shape must be")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "'a': shape must be")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""", 8, "'a': shape must be")]
    [InlineData("""{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", 8, "'a': shape must be")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}""", 8, "'a': shape must be")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8, "'a': data_offsets must be")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "'a': data_offsets must be")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "'a': data_offsets must be")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "'a': F32 [3] does not take the 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "'a': F32 [4294967296, 4294967296] does not take the 0 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,9223372036854775804]}}""", 8, "'a': F32 [9223372036854775807] does not take")]
    [InlineData("""{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""", 8, "'a': ends at byte 9223372036854775807")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 8, "'a': ends at byte 16 of the data, but the file has only 8: it is cut off")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "'b': begins inside another tensor's bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", 16, "'b': begins 4 bytes after")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 11, "3 bytes after the last tensor belong to none")]
    [InlineData("""{"abc":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"abc":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "abc")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"dtype":"F32"}}""", 0, "dtype")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "header cannot be read")]
    [InlineData("""{"a":{"dtype":"U8","shape":[[[[[0]]]]],"data_offsets":[0,0]}}""", 0, "header cannot be read")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "__metadata__ must be an object of strings")]
    [InlineData("""{"two\nlines":7}""", 0, "'two\uFFFDlines'")]
    public void A_header_that_contradicts_itself_or_the_file_is_refused(string json, int dataBytes, string complaint) =>
        AssertRefused(Written(json, dataBytes), complaint);

    [Fact]
    public void Every_truncation_of_a_file_is_refused()
    {
        byte[] whole = File.ReadAllBytes(Written(Good, 8));
        string path = _folder["short.safetensors"];
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            AssertRefused(path, length < 8 ? "is no safetensors file" : "cut off");
        }
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(100_000_001UL)]
    public void A_header_length_beyond_the_formats_limit_is_refused_before_memory_is_taken(ulong length)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        string path = _folder["long.safetensors"];
        File.WriteAllBytes(path, bytes);
        AssertRefused(path, $"its header would have {length} bytes");
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused_by_name()
    {
        AssertRefused(_folder["nowhere.safetensors"], "there is no such file");
        AssertRefused(_folder.Path, "is a folder");
    }

    private static void AssertRefused(string path, string complaint)
    {
        BadInputException refusal = Assert.Throws<BadInputException>(() => SafetensorsFile.Open(path));
        Assert.StartsWith(path + ": ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(complaint, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private string Written(string json, int dataBytes)
    {
        byte[] header = Encoding.UTF8.GetBytes(json);
        byte[] bytes = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        string path = _folder["hostile.safetensors"];
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
