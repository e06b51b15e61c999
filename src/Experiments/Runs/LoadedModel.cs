using Experiments.Images;
using Experiments.Plans;
using Experiments.Specs;
using Lens;
using Lens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Runs;

/// <summary>A model ready to make pictures in one way.</summary>
internal sealed class LoadedModel : IDisposable
{
    private LoadedModel(TextToImageModel model, SamplerSettings settings)
    {
        Model = model;
        Settings = settings;
        Lens = new DiffusionLens(model);
    }

    /// <summary>The model.</summary>
    public TextToImageModel Model { get; }

    /// <summary>The lens on it.</summary>
    public DiffusionLens Lens { get; }

    /// <summary>How pictures are made.</summary>
    public SamplerSettings Settings { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="request">Where and in which type.</param>
    /// <param name="sampler">How pictures are made; steps and guidance are given.</param>
    /// <exception cref="BadInputException">The device is not there, or the model cannot be loaded or does not take the settings.</exception>
    public static LoadedModel Load(string folder, ModelRequest request, SamplerSpec sampler)
    {
        SamplerSettings settings = new()
        {
            Scheduler = sampler.Scheduler,
            Steps = sampler.Steps!.Value,
            Guidance = sampler.Guidance!.Value,
            Height = sampler.Height,
            Width = sampler.Width,
        };
        return new LoadedModel(TextToImageModel.Load(folder, new LoadOptions(TypeOf(request.DType), DeviceOf(request.Device))), settings);
    }

    /// <summary>The model as a maker of an experiment's pictures.</summary>
    public PictureMaker Maker => new(Model.BatchSize(Settings), Make);

    public void Dispose() => Model.Dispose();

    private MadePicture[] Make(
        PlannedPrompt prompt, IReadOnlyList<int> layers, IReadOnlyList<int> seeds, Action<double> onProgress, CancellationToken cancellation)
    {
        using LensEncoding encoding = Lens.Encode(prompt.Text);
        IReadOnlyList<LensImage> images = Lens.Images(
            encoding,
            [.. layers.Select(layer => new LensSite(layer, prompt.FinalNorm))],
            [.. seeds.Select(seed => (long)seed)],
            Settings,
            (done, all) => onProgress((double)done / all),
            cancellation);
        return [.. images.Select(image => new MadePicture(image.Site.Layer, (int)image.Seed, image.Pixels))];
    }

    private static ScalarType TypeOf(string dtype) => dtype switch
    {
        "float64" => ScalarType.Float64,
        "float32" => ScalarType.Float32,
        "bfloat16" => ScalarType.BFloat16,
        "float16" => ScalarType.Float16,
        _ => throw new BadInputException($"--dtype {dtype}: give one of {string.Join(", ", ModelRequest.DTypes)}"),
    };

    private static Device DeviceOf(string device)
    {
        string[] parts = device.Split(':');
        int index = 0;
        if (parts is not ["cpu" or "cuda"] && (parts is not ["cuda", _] || !int.TryParse(parts[1], out index) || index < 0))
        {
            throw new BadInputException($"--device {device}: give cpu, cuda or cuda:N");
        }

        if (parts[0] == "cpu")
        {
            return CPU;
        }

        return cuda.is_available() && index < cuda.device_count()
            ? new Device(DeviceType.CUDA, index)
            : throw new BadInputException($"--device {device}: there is no such device here, or this build cannot use it (build with -p:Cuda=true); cpu is there");
    }
}
