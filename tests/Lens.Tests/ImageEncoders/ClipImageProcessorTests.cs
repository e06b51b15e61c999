using System.Text.Json;
using DiffusionLens.ImageEncoders;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.ImageEncoders;

public class ClipImageProcessorTests
{
    [Theory]
    [InlineData("{}", 50, 90, 224, 224)]
    [InlineData("""{"size": 20, "crop_size": 16}""", 50, 90, 16, 16)]
    [InlineData("""{"size": {"shortest_edge": 20}, "do_center_crop": false}""", 50, 90, 20, 36)]
    [InlineData("""{"size": {"shortest_edge": 20}, "do_center_crop": false}""", 71, 33, 43, 20)]
    [InlineData("""{"size": {"height": 20, "width": 30}, "do_center_crop": false}""", 71, 33, 30, 20)]
    [InlineData("""{"do_resize": false, "crop_size": {"height": 40, "width": 60}}""", 50, 90, 60, 40)]
    [InlineData("""{"do_resize": false, "do_center_crop": false}""", 50, 90, 50, 90)]
    public void ImagesGetTheSizeThatTheFileSays(string json, int width, int height, int newWidth, int newHeight)
    {
        using Tensor prepared = Parse(json).Prepare(Image(width, height));

        Assert.Equal([3, newHeight, newWidth], prepared.shape);
    }

    [Fact]
    public void AroundAnImageThatIsSmallerThanTheCropItIsBlackAndTheOddRowComesFirst()
    {
        RgbImage white = new(2, 1, [.. Enumerable.Repeat((byte)255, 6)]);
        ClipImageProcessor processor = Parse("""{"do_resize": false, "crop_size": {"height": 4, "width": 3}, "do_normalize": false}""");
        using Tensor prepared = processor.Prepare(white);

        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0], prepared.select(0, 0).flatten().data<float>().ToArray());
    }

    [Theory]
    [InlineData("""{"do_resize": false, "do_center_crop": false, "do_normalize": false}""", 200 / 255.0)]
    [InlineData("""{"do_resize": false, "do_center_crop": false, "do_normalize": false, "do_rescale": false}""", 200)]
    [InlineData("""{"do_resize": false, "do_center_crop": false, "do_normalize": false, "rescale_factor": 0.5}""", 100)]
    [InlineData(
        """{"do_resize": false, "do_center_crop": false, "image_mean": 0.5, "image_std": [0.25, 1, 1]}""", ((200 / 255.0) - 0.5) / 0.25)]
    [InlineData("""{"do_resize": false, "do_center_crop": false, "do_rescale": false, "image_mean": [20, 0, 0], "image_std": 10}""", 18)]
    public void LevelsAreScaledAndNormalizedAsTheFileSays(string json, double expected)
    {
        using Tensor prepared = Parse(json).Prepare(new RgbImage(1, 1, [200, 0, 0]));

        Assert.Equal(expected, prepared[0, 0, 0].ToSingle(), 1e-5);
    }

    [Theory]
    [InlineData("""{"size": {"longest_edge": 20}}""", "size is")]
    [InlineData("""{"size": 0}""", "size is 0")]
    [InlineData("""{"crop_size": {"shortest_edge": 20}}""", "crop_size is")]
    [InlineData("""{"image_mean": [1, 2]}""", "image_mean has 2 numbers")]
    [InlineData("""{"image_std": [1, 0, 1]}""", "image_std has a 0")]
    [InlineData("""{"image_processor_type": "SiglipImageProcessor"}""", "SiglipImageProcessor")]
    [InlineData("""{"do_resize": "yes"}""", "do_resize")]
    public void WhatCannotBeDoneIsRefused(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<BadInputException>(() => Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void TheFileOfTransformersFiveHoldsItAsAPart()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["processor_config.json"], """{"image_processor": {"size": {"shortest_edge": 20}, "crop_size": 16}}""");

        Assert.Equal(new ImageSize(16, 16), ClipImageProcessor.Read(folder.Path).Output);
    }

    private static ClipImageProcessor Parse(string json) => ClipImageProcessor.Parse((JsonDocument.Parse(json).RootElement, "file.json"));

    private static RgbImage Image(int width, int height) =>
        new(width, height, [.. Enumerable.Range(0, width * height * 3).Select(place => (byte)(place * 7))]);
}
