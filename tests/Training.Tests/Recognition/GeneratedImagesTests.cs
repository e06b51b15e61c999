using DiffusionLens;
using DiffusionLens.Weights;
using TorchSharp;
using Training.Recognition;
using static TorchSharp.torch;

namespace Training.Tests.Recognition;

public sealed class GeneratedImagesTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");

    [Fact]
    public void A_file_gives_back_images_and_the_seed_of_their_captions()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pixels = randint(0, 256, [5, 3, 64, 64], ScalarType.Byte);

        new GeneratedImages(pixels, ulong.MaxValue).Write(_file);
        GeneratedImages read = GeneratedImages.Read(_file);

        Assert.Equal(pixels.data<byte>().ToArray(), read.Pixels.data<byte>().ToArray());
        Assert.Equal(ulong.MaxValue, read.Seed);
    }

    [Fact]
    public void Another_file_is_refused_by_name()
    {
        using DisposeScope scope = NewDisposeScope();
        SafetensorsWriter.Write(_file, new Dictionary<string, Tensor> { ["weight"] = zeros(1) });

        BadInputException refused = Assert.Throws<BadInputException>(() => GeneratedImages.Read(_file));

        Assert.Contains(_file, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_file);
}
