// What the blocks above a layer add: dotnet run --project samples/SiteOfOnesOwn -- models/mini-sd "a red car and a blue star" out/site
//
// The lens shows h^l, what the blocks up to l have written. This looks at the rest: h^0 + (h^L - h^l), the embeddings and what the blocks
// above l write, through ln_f like any other state. Any tensor of that shape can be shown so.
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
IReadOnlyList<torch.Tensor> h = encoding.Encoders[0].States;
string folder = Directory.CreateDirectory(args[2]).FullName;

foreach (int layer in Lens.EveryCountedBack(model.LayerCount, step: 4))
{
    TextReads above = new([model.FinalNorm(encoder: 0, h[0] + (h[^1] - h[layer]))]);
    torch.Tensor pixels = lens.Images(encoding, above, seeds: [0], new SamplerSettings { Guidance = 4 })[0];
    Save(pixels, Path.Combine(folder, $"above-{layer:00}.png"));
}

static void Save(torch.Tensor pixels, string file)
{
    int height = (int)pixels.shape[1], width = (int)pixels.shape[2];
    byte[] rgb = [.. pixels.permute(1, 2, 0).contiguous().data<float>().Select(value => (byte)MathF.Round(value * 255))];
    using Image<Rgb24> png = Image.LoadPixelData<Rgb24>(rgb, width, height);
    png.SaveAsPng(file);
    Console.WriteLine(file);
}
