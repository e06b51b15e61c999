using Experiments.Images;
using Experiments.Plans;
using Experiments.Specs;
using DiffusionLens;
using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Runs;

/// <summary>A model ready to make images in one way.</summary>
internal sealed class LoadedModel : IDisposable
{
    /// <summary>Prompts that a model which holds one network at a time encodes before it makes images: their states take 1 GiB with T5-XXL in bfloat16.</summary>
    private const int EncodedAhead = 64;

    /// <summary>Prompts that such a model takes through a stage before the next is loaded; what an interruption loses.</summary>
    private const int MadeTogether = 8;

    private readonly Dictionary<string, PromptEncoding> _encodings = [];

    private LoadedModel(TextToImageModel model, SamplerSettings settings)
    {
        Model = model;
        Settings = settings;
        Lens = new Lens(model);
    }

    /// <summary>The model.</summary>
    public TextToImageModel Model { get; }

    /// <summary>The lens on it.</summary>
    public Lens Lens { get; }

    /// <summary>How images are made.</summary>
    public SamplerSettings Settings { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="folders">Its folder, or those of its stages.</param>
    /// <param name="request">Where and in which type.</param>
    /// <param name="sampler">How images are made; steps and guidance are given.</param>
    /// <exception cref="BadInputException">The device is not there, or the model cannot be loaded or does not take the settings.</exception>
    public static LoadedModel Load(IReadOnlyList<string> folders, ModelRequest request, SamplerSpec sampler)
    {
        SamplerSettings settings = new()
        {
            Scheduler = sampler.Scheduler,
            Steps = sampler.Steps!.Value,
            Guidance = sampler.Guidance!.Value,
            Height = sampler.Height,
            Width = sampler.Width,
            SuperResolution = sampler.SuperResolution,
        };
        return new LoadedModel(TextToImageModel.Load(folders, new LoadOptions(TypeOf(request.DType), DeviceOf(request.Device), request.Variant)), settings);
    }

    /// <summary>The model as a maker of an experiment's images.</summary>
    public ImageMaker Maker => Model.HoldsOneNetwork
        ? new(EncodedAhead, MadeTogether, Encode, Batches, Make)
        : new(PreparedAhead: 1, MadeTogether: null, Encode, Batches, Make);

    public void Dispose()
    {
        Forget();
        Model.Dispose();
    }

    private void Forget()
    {
        foreach (PromptEncoding encoding in _encodings.Values)
        {
            encoding.Dispose();
        }

        _encodings.Clear();
    }

    private void Encode(IReadOnlyList<PlannedPrompt> prompts, CancellationToken cancellation)
    {
        Forget();
        string[] texts = [.. prompts.Select(prompt => prompt.Text).Distinct()];
        foreach ((string text, PromptEncoding encoding) in texts.Zip(Lens.Encode(texts, cancellation: cancellation)))
        {
            _encodings.Add(text, encoding);
        }
    }

    private IReadOnlyList<IReadOnlyList<ImageKey>> Batches(string prompt, IReadOnlyList<LensSite> sites, IReadOnlyList<ulong> seeds)
        => Lens.Batches(prompt, sites, seeds, Settings);

    private IReadOnlyList<LensImage> Make(
        IReadOnlyList<IReadOnlyList<ImageKey>> batches, Action<double> onProgress, CancellationToken cancellation)
        => Lens.Images(
            [.. batches.Select(images => new PromptBatch(_encodings[images[0].Prompt], images))],
            Settings,
            new SamplingFraction(onProgress),
            cancellation);

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
