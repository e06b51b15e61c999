// What the blocks above a layer add: dotnet run --project samples/SiteOfOnesOwn -- models/mini-sd "a red car and a blue star" out/site
//
// The lens shows h^l, what the blocks up to l have written. This looks at the rest: h^0 + (h^L - h^l), the embeddings and what the blocks
// above l write, through ln_f like any other state. Any tensor of that shape can be shown so.
using DiffusionLens;
using DiffusionLens.Pipelines;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using TorchSharp;

using DisposeScope scope = torch.NewDisposeScope();
using TextToImageModel model = TextToImageModel.Load(args[0]);
using LensEncoding encoding = new Lens(model).Encode(args[1]);
using TextConditioning negative = model.Condition(encoding.Unconditional);
IReadOnlyList<torch.Tensor> h = encoding.Trace.HiddenStates;
string folder = Directory.CreateDirectory(args[2]).FullName;

foreach (int layer in Lens.EveryCountedBack(model.LayerCount, step: 4))
{
    using TextConditioning above = model.Condition(model.FinalNorm(h[0] + (h[^1] - h[layer])));
    ImageBatch batch = new([new ImageRequest(above, Seed: 0)], negative);
    GeneratedImage image = model.Generate([batch], new SamplerSettings { Guidance = 4 })[0];
    Save(image.Pixels, Path.Combine(folder, $"above-{layer:00}.png"));
}

static void Save(torch.Tensor pixels, string file)
{
    int height = (int)pixels.shape[1], width = (int)pixels.shape[2];
    byte[] rgb = [.. pixels.permute(1, 2, 0).contiguous().data<float>().Select(value => (byte)MathF.Round(value * 255))];
    using Image<Rgb24> png = Image.LoadPixelData<Rgb24>(rgb, width, height);
    png.SaveAsPng(file);
    Console.WriteLine(file);
}
