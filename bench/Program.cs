// How fast networks are here, before (libtorch's own way) and after (the ways that Runtime/Kernels takes), as Markdown:
//   dotnet run -c Release --project bench                                  everything below that needs no files, half an hour
//   dotnet run -c Release --project bench -- layers unet|decoder TYPE      rates of all shapes of layers, their bound, the share of it
//   dotnet run -c Release --project bench -- compare MEASUREMENT ...       one of these, before and after
//   dotnet run -c Release --project bench -- network unet|unet-no-upcast|decoder|t5 TYPE      one call, made-up weights
//   dotnet run -c Release --project bench -- images MODEL-FOLDER SEEDS     images a second
// Folders of models of full size with made-up weights, and how long each step of one image takes with them, and how much memory:
//   dotnet run -c Release --project bench -- made-up klein|zimage|sana|pixart|sd15|sd21 REFERENCES SMALL-MODEL FOLDER
//   dotnet run -c Release --project bench -- steps MODEL-FOLDER SIDE STEPS GUIDANCE
// TYPE is Float32 or BFloat16. With OMP_NUM_THREADS=1 times are the thread's processor time, so that other programs do not count.
using System.Globalization;
using Bench;
using DiffusionLens.Runtime;
using static TorchSharp.torch;

const string MiniSD = "models/mini-sd", MiniIF = "models/mini-if", FewSeeds = "4", ManySeeds = "8";
NativeRuntime.TuneProcess();
switch (args)
{
    case ["made-up", string kind, string references, string small, string target]:
        MadeUpModel.Write(kind, references, small, target);
        return;
    case ["steps", string full, string side, string steps, string guidance]:
        StepByStep.Run(full, Whole(side), Whole(steps), double.Parse(guidance, CultureInfo.InvariantCulture));
        return;
    case ["network", string name, string type]:
        Console.WriteLine(Networks.Measure(name, Enum.Parse<ScalarType>(type)).Line());
        return;
    case ["images", string folder, string seeds]:
        Console.WriteLine(Models.Measure(folder, Whole(seeds)).Line());
        return;
    case ["layers", string name, string type]:
        Comparison.OfLayers(name, Enum.Parse<ScalarType>(type));
        return;
    case ["compare", .. string[] measurement]:
        Console.WriteLine(Comparison.Machine());
        Comparison.OfProcesses([measurement]);
        return;
    case []:
        Everything();
        return;
    default:
        Console.Error.WriteLine("See the top of bench/Program.cs for what there is.");
        Environment.ExitCode = 2;
        return;
}

static void Everything()
{
    Console.WriteLine(Comparison.Machine());
    Comparison.OfProcesses(
    [
        ["network", "unet", "Float32"],
        ["network", "unet", "BFloat16"],
        ["network", "unet-no-upcast", "BFloat16"],
        ["network", "decoder", "Float32"],
        ["network", "t5", "BFloat16"],
        ["images", MiniSD, FewSeeds],
        ["images", MiniSD, ManySeeds],
        ["images", MiniIF, FewSeeds],
    ]);
    Comparison.OfLayers("unet", ScalarType.Float32);
    Comparison.OfLayers("unet", ScalarType.BFloat16);
    Comparison.OfLayers("decoder", ScalarType.Float32);
}

static int Whole(string number) => int.Parse(number, CultureInfo.InvariantCulture);
