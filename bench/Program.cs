// How fast images are made, and how near that is to what the machine can do:
//   dotnet run -c Release --project bench [MODEL FOLDER]
// Models of full size with made-up weights, and how long each step of one image takes with them, and how much memory:
//   dotnet run -c Release --project bench -- made-up klein|zimage|sana|pixart REFERENCES SMALL-MODEL FOLDER
//   dotnet run -c Release --project bench -- steps MODEL-FOLDER SIDE STEPS GUIDANCE
using System.Diagnostics;
using System.Globalization;
using Bench;
using DiffusionLens;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

const int Seeds = 4, Rounds = 3, LayersApart = 2;
NativeRuntime.TuneProcess();
switch (args)
{
    case ["made-up", string kind, string references, string small, string target]:
        MadeUpModel.Write(kind, references, small, target);
        return;
    case ["steps", string full, string side, string steps, string guidance]:
        StepByStep.Run(
            full,
            int.Parse(side, CultureInfo.InvariantCulture),
            int.Parse(steps, CultureInfo.InvariantCulture),
            double.Parse(guidance, CultureInfo.InvariantCulture));
        return;
}

string folder = args.Length > 0 ? args[0] : Path.Combine("models", "mini-sd");

double machine = ConvolutionRate();
Say($"machine      {machine / 1e9:0.0} GFLOP/s in convolutions, {get_num_threads()} threads");

using TextToImageModel model = TextToImageModel.Load(folder);
Lens lens = new(model);
SamplerSettings settings = new() { Guidance = 4 };
LensSite[] sites = [.. Lens.EveryCountedBack(model.LayerCount, Math.Min(LayersApart, model.LayerCount))
    .Select(layer => new LensSite(layer))];
ulong[] seeds = [.. Enumerable.Range(0, Seeds).Select(seed => (ulong)seed)];
long[] shape = [];
MakeImages();
Stopwatch watch = Stopwatch.StartNew();
for (int round = 0; round < Rounds; round++)
{
    MakeImages();
}

double rate = Rounds * sites.Length * Seeds / watch.Elapsed.TotalSeconds;
double area = shape[1] * shape[2];
long[] latents = model.InitialNoise(0, settings).shape;
double unet = MultiplyAdds.OfUNet(Path.Combine(folder, "unet"), latents[2] * latents[3]);
double decoder = MultiplyAdds.OfDecoder(Path.Combine(folder, "vae"), area);
double work = 2 * ((2 * settings.Steps * unet) + decoder);
Say($"model        UNet {unet / 1e6:0} million multiply-adds a sample, decoder {decoder / 1e6:0} million");
Say($"             {settings.Steps} steps with guidance");
Say($"images     {rate:0.00} a second ({sites.Length} layers x {Seeds} seeds at once)");
Say($"share        {rate * work / machine:P0} of the machine's convolution rate");

void MakeImages()
{
    using DisposeScope scope = NewDisposeScope();
    using PromptEncoding encoding = lens.Encode("a red car and a blue star");
    shape = lens.Images(encoding, sites, seeds, settings)[0].Pixels.shape;
}

// The best of some seconds of a convolution that suits any machine.
static double ConvolutionRate()
{
    const int Batch = 16, Channels = 256, Side = 32, Kernel = 3;
    using DisposeScope scope = NewDisposeScope();
    using IDisposable noGradients = no_grad();
    Tensor input = randn(Batch, Channels, Side, Side), weight = randn(Channels, Channels, Kernel, Kernel);
    double operations = 2.0 * Batch * Channels * Side * Side * Channels * Kernel * Kernel, best = double.MaxValue;
    Stopwatch all = Stopwatch.StartNew();
    while (all.Elapsed < TimeSpan.FromSeconds(3))
    {
        Stopwatch one = Stopwatch.StartNew();
        nn.functional.conv2d(input, weight, padding: [1L, 1L]).Dispose();
        best = Math.Min(best, one.Elapsed.TotalSeconds);
    }

    return operations / best;
}

static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
