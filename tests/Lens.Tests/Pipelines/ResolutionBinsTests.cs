using System.Text.Json;
using DiffusionLens.Pipelines;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>Sizes from a pipeline's table in place of those that are asked for.</summary>
public sealed class ResolutionBinsTests : IDisposable
{
    private readonly TemporaryFolder _alpha = SmallPixArt.Alpha();

    public void Dispose() => _alpha.Dispose();

    [Fact]
    public void The_nearest_size_is_the_references()
    {
        JsonElement cases = JsonSerializer.Deserialize<JsonElement>(
            File.ReadAllText(Reference.PathOf(Reference.PixArt, "expected", "images.json"))).GetProperty("binning");
        Assert.Equal(9, cases.GetArrayLength());
        foreach (JsonElement item in cases.EnumerateArray())
        {
            int[] asked = item.GetProperty("asked").Deserialize<int[]>()!, bin = item.GetProperty("bin").Deserialize<int[]>()!;
            Assert.Equal((bin[0], bin[1]), new ResolutionBins(1024).Nearest(asked[0], asked[1]));
        }
    }

    [Theory]
    [InlineData(256, 1000, 270, 512, 128)] // 3.70: 4.0 is nearer than 3.0.
    [InlineData(512, 100, 100, 512, 512)]
    [InlineData(2048, 1000, 270, 3840, 1024)] // The larger tables have 3.75.
    [InlineData(4096, 256, 1000, 2048, 7936)]
    [InlineData(1024, 256, 1000, 512, 2048)]
    public void Every_table_is_that_of_its_side(int side, int height, int width, int drawnHeight, int drawnWidth)
        => Assert.Equal((drawnHeight, drawnWidth), new ResolutionBins(side).Nearest(height, width));

    [Theory]
    [InlineData(20, 32)]
    [InlineData(32, 32)]
    public void Images_are_resized_to_cover_the_size_and_cut_about_the_center(int height, int width)
    {
        using DisposeScope scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Reference.PathOf(Reference.PixArt, Reference.Double, "images.safetensors"));
        Tensor made = ResolutionBins.Restore(file.Read("resize.samples"), height, width);
        TensorAssert.Close(made, file.Read($"resize.{height}x{width}"), 1e-12);
    }

    [Fact]
    public void An_image_is_drawn_at_the_tables_size_and_given_at_the_one_that_was_asked_for()
    {
        using DisposeScope scope = NewDisposeScope();
        SmallCascade.Change(_alpha, "transformer/config.json", "sample_size", "32");
        SmallCascade.Change(_alpha, "transformer/config.json", "use_additional_conditions", "true");
        using TextToImageModel model = SmallPixArt.LoadAlpha(_alpha, ScalarType.Float32);
        Lens lens = new(model);
        SamplerSettings drawn = SmallPixArt.Settings with { Steps = 1, Height = 192, Width = 320 };
        SamplerSettings asked = drawn with { Height = 21, Width = 34, ResolutionBinning = true };
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensImage Made(SamplerSettings settings) => Assert.Single(lens.Images(encoding, [new LensSite(model.LayerCount)], [7], settings));
        LensImage binned = Made(asked), whole = Made(drawn);
        Assert.Equal([3, 21, 34], binned.Pixels.shape);
        Assert.Equal(256, model.Description.BinnedSide);
        Assert.True(binned.Latents.equal(whole.Latents).all().item<bool>());
        Assert.Equal([3, 32, 32], Made(SmallPixArt.Settings with { Steps = 1 }).Pixels.shape);
    }

    [Fact]
    public void A_model_without_a_table_is_not_binned()
    {
        SmallCascade.Change(_alpha, "transformer/config.json", "sample_size", "48");
        SmallCascade.Change(_alpha, "transformer/config.json", "use_additional_conditions", "true");
        using TextToImageModel model = SmallPixArt.LoadAlpha(_alpha, ScalarType.Float32);
        BadInputException refused = Assert.Throws<BadInputException>(
            () => model.Description.Require(SmallPixArt.Settings with { ResolutionBinning = true }));
        Assert.Contains("there is no table of sizes for this model of PixArt-Alpha", refused.Message, StringComparison.Ordinal);
    }
}
