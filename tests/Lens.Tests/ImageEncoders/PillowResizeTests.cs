using System.Security.Cryptography;
using DiffusionLens.ImageEncoders;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.ImageEncoders;

public class PillowResizeTests
{
    /// <summary>The hashes are of what Pillow 9.4 makes of the same picture, 50×90.</summary>
    [Theory]
    [InlineData("Nearest", 23, 41, "2551e6b99ddb6875")]
    [InlineData("Nearest", 97, 131, "9e9907d9201440a4")]
    [InlineData("Nearest", 50, 33, "778789ed7733a729")]
    [InlineData("Lanczos", 23, 41, "0ccecaf6af555384")]
    [InlineData("Lanczos", 97, 131, "1ce0e0d906efb2af")]
    [InlineData("Lanczos", 50, 33, "424d127a447b4964")]
    [InlineData("Bilinear", 23, 41, "388a682ebd77aa11")]
    [InlineData("Bilinear", 97, 131, "53c564f3f6b0d6b1")]
    [InlineData("Bilinear", 50, 33, "789c5fdcd2d0eaad")]
    [InlineData("Bicubic", 23, 41, "14fc4568ab0ecdf6")]
    [InlineData("Bicubic", 97, 131, "a31030bee86f1d6d")]
    [InlineData("Bicubic", 50, 33, "42a930397dd14d90")]
    [InlineData("Box", 23, 41, "d605449df9eeacd1")]
    [InlineData("Box", 97, 131, "9e9907d9201440a4")]
    [InlineData("Box", 50, 33, "82c3b22d6339fc21")]
    [InlineData("Hamming", 23, 41, "67ffcc5f86b19501")]
    [InlineData("Hamming", 97, 131, "05b7e5c87f4b7b79")]
    [InlineData("Hamming", 50, 33, "4f510873dd236227")]
    public void EveryFilterGivesTheBytesOfPillow(string filter, int width, int height, string sha256)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor picture = Reference.Load("later/clip", "pictures")["picture1"];
        RgbImage image = new((int)picture.shape[1], (int)picture.shape[0], picture.contiguous().data<byte>().ToArray());

        RgbImage resized = PillowResize.To(image, width, height, Enum.Parse<PillowFilter>(filter));

        Assert.Equal((width, height), (resized.Width, resized.Height));
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(resized.Rgb))[..16]);
    }
}
