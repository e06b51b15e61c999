#!/usr/bin/env dotnet
// A prompt's image from every layer, in a program of one file; .NET 10 fetches what it needs:
// dotnet run --file samples/SingleFile/lens.cs -- models/mini-sd "a red car and a blue star" out/lens
#:package DiffusionLens@0.1.0-*
#:package libtorch-cpu-linux-x64@2.10.0
#:package SixLabors.ImageSharp@2.1.13
#:property PublishAot=false
using DiffusionLens;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using TorchSharp;

NativeRuntime.TuneProcess();
using DisposeScope scope = torch.NewDisposeScope();
using TextToImageModel model = TextToImageModel.Load(args[0]);
Lens lens = new(model);
using PromptEncoding encoding = lens.Encode(args[1]);
LensSite[] sites = [.. Enumerable.Range(0, model.LayerCount + 1).Select(layer => new LensSite(layer))];
foreach (LensImage image in lens.Images(encoding, sites, seeds: [0], new SamplerSettings { Guidance = 4 }))
{
    int height = (int)image.Pixels.shape[1], width = (int)image.Pixels.shape[2];
    byte[] rgb = [.. image.Pixels.permute(1, 2, 0).contiguous().data<float>().Select(value => (byte)MathF.Round(value * 255))];
    using Image<Rgb24> png = Image.LoadPixelData<Rgb24>(rgb, width, height);
    png.SaveAsPng(Path.Combine(Directory.CreateDirectory(args[2]).FullName, $"layer-{image.Key.Site.Layer:00}.png"));
}
