using DiffusionLens;
using DiffusionLens.Weights;
using MiniWorld;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Recognition;
using Training.Tests.Rendering;
using static TorchSharp.torch;

namespace Training.Tests.Recognition;

public sealed class GeneratedImagesTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");

    [Fact]
    public void A_file_gives_back_images_and_the_scenes_of_their_captions()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pixels = randint(0, 256, [3, 3, 64, 64], ScalarType.Byte);
        Lexicon lexicon = Lexicon.Load(InstalledArt.LexiconPath);

        new GeneratedImages(
            pixels, tensor((bool[])[true, false, true]), tensor((long[])[4, 0, 9]), PairRule.HeldOut, ulong.MaxValue).Write(_file);
        GeneratedImages read = GeneratedImages.Read(_file);

        Assert.Equal(pixels.data<byte>().ToArray(), read.Pixels.data<byte>().ToArray());
        Assert.Equal([true, false, true], read.OfLastLayer.data<bool>().ToArray());
        SceneSampler sampler = new(lexicon, PairRule.HeldOut, ulong.MaxValue);
        Assert.Equal(
            [sampler.At(4).Caption, sampler.At(0).Caption, sampler.At(9).Caption], read.Scenes(lexicon).Select(drawn => drawn.Caption));
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
