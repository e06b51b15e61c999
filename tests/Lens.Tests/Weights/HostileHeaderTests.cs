using System.Buffers.Binary;
using System.Text;
using DiffusionLens.Weights;

namespace DiffusionLens.Tests.Weights;

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
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", "header cannot be read")]
    [InlineData("""[1]""", "not a JSON object")]
    [InlineData("""{"a":7}""", "'a': must be described by")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8],"extra":1}}""", "'a': must be described by")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,8]}}""", "'a': dtype is 'missing'")]
    [InlineData("""{"a":{"dtype":"F64","data_offsets":[0,8]}}""", "'a': shape must be")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1]}}""", "'a': data_offsets must be")]
    [InlineData("""{"abc":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"abc":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""", "abc")]
    [InlineData("""{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8],"dtype":"F64"}}""", "dtype")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""", "header cannot be read")]
    [InlineData("""{"a":{"dtype":"U8","shape":[[[[[8]]]]],"data_offsets":[0,8]}}""", "header cannot be read")]
    [InlineData("""{"__metadata__":{"a":1}}""", "__metadata__ must be an object of strings")]
    [InlineData("""{"two\nlines":7}""", "'two\uFFFDlines'")]
    public void A_header_that_is_not_what_the_format_says_is_refused(string json, string error) =>
        AssertRefused(Written(json, dataBytes: 8), error);

    [Theory]
    [InlineData("\"F8_E4M3\"", "[8]", "[0,8]", "'a': is of float8 (F8_E4M3)")]
    [InlineData("\"F4\"", "[8]", "[0,8]", "'a': dtype is 'F4'; known are F64, F32")]
    [InlineData("7", "[8]", "[0,8]", "'a': dtype is '7'")]
    [InlineData("\"F32\"", "[-2]", "[0,8]", "'a': shape must be")]
    [InlineData("\"F32\"", "[1.5]", "[0,8]", "'a': shape must be")]
    [InlineData("\"F32\"", "[\"2\"]", "[0,8]", "'a': shape must be")]
    [InlineData("\"F32\"", "[99999999999999999999]", "[0,8]", "'a': shape must be")]
    [InlineData("\"F32\"", "[2]", "[0]", "'a': data_offsets must be")]
    [InlineData("\"F32\"", "[2]", "[8,0]", "'a': data_offsets must be")]
    [InlineData("\"F32\"", "[2]", "[-8,0]", "'a': data_offsets must be")]
    [InlineData("\"F32\"", "[3]", "[0,8]", "'a': F32 [3] does not take the 8 bytes")]
    [InlineData("\"F32\"", "[4294967296,4294967296]", "[0,0]", "'a': F32 [4294967296, 4294967296] does not take the 0 bytes")]
    [InlineData("\"F32\"", "[9223372036854775807]", "[0,9223372036854775804]", "'a': F32 [9223372036854775807] does not take")]
    [InlineData("\"U8\"", "[9223372036854775807]", "[0,9223372036854775807]", "'a': ends at byte 9223372036854775807")]
    [InlineData("\"F32\"", "[4]", "[0,16]", "'a': ends at byte 16 of the data, but the file is cut off after 8")]
    [InlineData("\"F32\"", "[1]", "[4,8]", "'a': begins 4 bytes after the one before it")]
    [InlineData("\"F32\"", "[1]", "[0,4]", "4 bytes after the last tensor belong to none")]
    public void A_tensor_that_contradicts_itself_or_the_file_is_refused(string dtype, string shape, string offsets, string error) =>
        AssertRefused(Written($"{{\"a\":{{\"dtype\":{dtype},\"shape\":{shape},\"data_offsets\":{offsets}}}}}", dataBytes: 8), error);

    [Fact]
    public void Tensors_that_share_bytes_are_refused()
    {
        string second = """, "b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""";
        AssertRefused(Written(Good[..^1] + second, dataBytes: 12), "'b': begins inside another tensor's bytes");
    }

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

    private static void AssertRefused(string path, string error)
    {
        BadInputException refusal = Assert.Throws<BadInputException>(() => SafetensorsFile.Open(path));
        Assert.StartsWith(path + ": ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
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
