using DiffusionLens;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using Experiments.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Models;

/// <summary>A model ready to make images in one way.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly Dictionary<string, PromptEncoding> _encodings = [];

    private LoadedModel(TextToImageModel model, SamplerSettings settings)
    {
        Model = model;
        Settings = settings;
        Lens = new Lens(model);
    }

    public TextToImageModel Model { get; }

    public Lens Lens { get; }

    /// <summary>How images are made.</summary>
    public SamplerSettings Settings { get; }

    /// <param name="folders">Its folder, or those of its stages.</param>
    /// <param name="request">Where and in which type.</param>
    /// <param name="sampler">How images are made; steps and guidance are given.</param>
    /// <exception cref="BadInputException">The device is not there, or the model cannot be loaded or does not take the
    /// settings.</exception>
    public static LoadedModel Load(IReadOnlyList<string> folders, ModelRequest request, SamplerSpec sampler)
    {
        SamplerSettings settings = new()
        {
            Scheduler = sampler.CommonScheduler,
            SchedulerOptions = SchedulerOptions.Of(sampler.SchedulerConfig),
            Steps = sampler.Steps!.Value,
            Guidance = sampler.Guidance!.Value,
            Height = sampler.Height,
            Width = sampler.Width,
            SuperResolution = sampler.SuperResolution,
            ResolutionBinning = sampler.ResolutionBinning == true,
        };
        return new LoadedModel(TextToImageModel.Load(folders, Options(request)), settings);
    }

    public void Dispose()
    {
        Forget();
        Model.Dispose();
    }

    /// <summary>Reads the prompts of images, and all that their sites need; images can be made of these alone, until others are
    /// read.</summary>
    /// <param name="images">The images.</param>
    /// <param name="cancellation">Heeded between texts.</param>
    public void Encode(IReadOnlyList<ImageKey> images, CancellationToken cancellation)
    {
        Forget();
        foreach (PromptEncoding encoding in Lens.Encode(images, cancellation: cancellation))
        {
            _encodings.Add(encoding.Prompt, encoding);
        }
    }

    /// <summary>Which of a prompt's images are computed together: <see cref="Lens.Batches"/>.</summary>
    public IReadOnlyList<IReadOnlyList<ImageKey>> Batches(
        string prompt, IReadOnlyList<LensSite> sites, IReadOnlyList<ulong> seeds, TextHandling handling)
        => Lens.Batches(prompt, sites, seeds, Settings, handling);

    /// <summary>Makes batches of images of prompts that were read.</summary>
    /// <param name="batches">Each of one prompt.</param>
    /// <param name="onProgress">Told the fraction done, 0..1.</param>
    /// <param name="cancellation">Stops within a step of the sampler.</param>
    /// <returns>The images of the first batch, then of the next; their tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<LensImage> Make(
        IReadOnlyList<IReadOnlyList<ImageKey>> batches, Action<double> onProgress, CancellationToken cancellation)
        => Lens.Images(
            [.. batches.Select(images => new PromptBatch(_encodings[images[0].Prompt], images))],
            Settings,
            new SamplingFraction(onProgress),
            cancellation);

    private void Forget()
    {
        foreach (PromptEncoding encoding in _encodings.Values)
        {
            encoding.Dispose();
        }

        _encodings.Clear();
    }

    private static LoadOptions Options(ModelRequest request) =>
        new(TypeOf(request.DType), DeviceOf(request.Device), request.Variant, request.MaxSequenceLength, request.SingleFile)
        {
            Cleaning = request.Cleaning,
            Instruction = request.Instruction,
            SoftCapping = request.SoftCapping,
        };

    private static ScalarType TypeOf(string dtype) => dtype switch
    {
        "float64" => ScalarType.Float64,
        "float32" => ScalarType.Float32,
        "bfloat16" => ScalarType.BFloat16,
        "float16" => ScalarType.Float16,
        _ => throw new BadInputException($"--dtype {dtype}: give one of {string.Join(", ", ModelRequest.DTypes)}"),
    };

    /// <summary>The device of a name: <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>.</summary>
    /// <exception cref="BadInputException">There is no such device.</exception>
    public static Device DeviceOf(string device)
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
            : throw new BadInputException(
                $"--device {device}: there is no such device here, or this build cannot use it "
                    + $"(build with -p:Cuda=true, or name a PyTorch that can: {LibTorchFolder.Variable}=FOLDER); cpu is there");
    }
}
