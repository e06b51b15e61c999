using DiffusionLens.Weights;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Weights;

public sealed class SafetensorsRoundTripTests : IDisposable
{
    private static readonly ScalarType[] Types =
    [
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16,
        ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A tensor to be: what it is called, and how to fill it.</summary>
    public sealed record Sketch(string Name, ScalarType DType, long[] Shape, int Seed)
    {
        public Tensor Draw()
        {
            using Generator generator = new((ulong)Seed);
            using Tensor numbers = randint(0, 200, Shape, ScalarType.Int64, generator: generator);
            return numbers.to_type(DType);
        }
    }

    public static Arbitrary<Sketch[]> AnyTensors()
    {
        Gen<string> name = Gen.OneOf(
            Gen.Elements("a", "b.weight", "down_blocks.0.conv.bias", "größe", "\"quoted\"\\", "new\nline", "🙂", ""),
            ArbMap.Default.GeneratorFor<NonNull<string>>().Where(text => !text.Get.Any(char.IsSurrogate)).Select(text => text.Get));
        Gen<long[]> shape = Gen.Choose(0, 4).SelectMany(rank => Gen.ArrayOf(Gen.Choose(0, 5).Select(size => (long)size), rank));
        Gen<Sketch> sketch = from n in name
                             from t in Gen.Elements(Types)
                             from s in shape
                             from seed in Gen.Choose(0, int.MaxValue)
                             select new Sketch(n, t, s, seed);
        return Arb.From(Gen.ArrayOf(sketch).Select(all => all.DistinctBy(one => one.Name).ToArray()));
    }

    [Property(Arbitrary = [typeof(SafetensorsRoundTripTests)], MaxTest = 100)]
    public void What_is_written_is_read_back_bit_for_bit(Sketch[] sketches)
    {
        ArgumentNullException.ThrowIfNull(sketches);
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = sketches.ToDictionary(sketch => sketch.Name, sketch => sketch.Draw());
        string path = _folder["any.safetensors"];
        SafetensorsWriter.Write(path, tensors);

        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), file.Entries.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, Tensor written) in tensors)
        {
            Tensor read = file.Read(name);
            Assert.Equal(written.dtype, read.dtype);
            Assert.Equal(written.shape, read.shape);
            Assert.True(written.bytes.SequenceEqual(read.bytes));
            Assert.Equal(0, file.Entries[name].Offset % written.ElementSize);
        }
    }

    [Fact]
    public void The_order_in_which_tensors_are_given_does_not_change_the_file()
    {
        using Tensor a = arange(5), b = ones(2, 3, ScalarType.Float16);
        Dictionary<string, Tensor> forth = new() { ["a"] = a, ["b"] = b }, back = new() { ["b"] = b, ["a"] = a };
        Dictionary<string, string> words = new() { ["x"] = "1", ["y"] = "2" }, wordsBack = new() { ["y"] = "2", ["x"] = "1" };
        SafetensorsWriter.Write(_folder["1"], forth, words);
        SafetensorsWriter.Write(_folder["2"], back, wordsBack);
        Assert.Equal(File.ReadAllBytes(_folder["1"]), File.ReadAllBytes(_folder["2"]));
        using SafetensorsFile file = SafetensorsFile.Open(_folder["1"]);
        Assert.Equal(["x=1", "y=2"], file.Metadata.Select(pair => $"{pair.Key}={pair.Value}").Order());
    }

    [Fact]
    public void A_view_is_written_as_what_it_shows()
    {
        using Tensor grid = arange(6).view(2, 3), turned = grid.t();
        SafetensorsWriter.Write(_folder["view"], new Dictionary<string, Tensor> { ["turned"] = turned });
        using SafetensorsFile file = SafetensorsFile.Open(_folder["view"]);
        using Tensor read = file.Read("turned");
        Assert.Equal([0L, 3, 1, 4, 2, 5], read.data<long>().ToArray());
    }

    [Fact]
    public void A_tensor_of_several_chunks_is_converted_whole()
    {
        const long Count = 5_000_001;
        using Tensor written = arange(Count, ScalarType.Float32).remainder(2048).to_type(ScalarType.Float16);
        SafetensorsWriter.Write(_folder["large"], new Dictionary<string, Tensor> { ["large"] = written });
        using SafetensorsFile file = SafetensorsFile.Open(_folder["large"]);
        using Tensor same = file.Read("large"), wider = empty(Count, ScalarType.Float64), expected = written.to_type(ScalarType.Float64);
        file.CopyTo("large", wider);
        Assert.True(same.bytes.SequenceEqual(written.bytes));
        Assert.True(wider.bytes.SequenceEqual(expected.bytes));
    }

    [Fact]
    public void A_place_of_another_size_and_a_place_without_memory_are_refused()
    {
        using Tensor three = arange(3), four = empty(4, ScalarType.Int64), nowhere = empty(3, ScalarType.Int64, META);
        SafetensorsWriter.Write(_folder["three"], new Dictionary<string, Tensor> { ["three"] = three });
        using SafetensorsFile file = SafetensorsFile.Open(_folder["three"]);
        Assert.Throws<ArgumentException>(() => file.CopyTo("three", four));
        Assert.Throws<ArgumentException>(() => file.CopyTo("three", nowhere));
    }

    [Fact]
    public void A_failed_write_leaves_what_stood_there_and_nothing_else()
    {
        string path = _folder["kept.safetensors"];
        using Tensor good = arange(3), inMemory = arange(3), nowhere = empty(3, ScalarType.Float32, META);
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["good"] = good });
        byte[] before = File.ReadAllBytes(path);
        Dictionary<string, Tensor> second = new() { ["a"] = inMemory, ["b"] = nowhere };
        Assert.ThrowsAny<Exception>(() => SafetensorsWriter.Write(path, second));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Types_and_names_that_the_format_does_not_have_are_refused()
    {
        using Tensor complex = zeros(2, ScalarType.ComplexFloat32), real = zeros(2);
        Dictionary<string, Tensor> badType = new() { ["c"] = complex }, badName = new() { ["__metadata__"] = real };
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder["x"], badType));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder["x"], badName));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }
}
