using DiffusionLens.Autoencoders;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using TorchSharp;
using Training.Runs;
using Training.Text;
using static TorchSharp.torch;

namespace Training.Denoiser;

/// <summary>The parts of mini-sd that are finished before the denoiser: autoencoder, tokenizer, text encoder.</summary>
internal sealed class FrozenParts : FrozenEncoders
{
    private readonly AutoencoderKL _autoencoder;
    private readonly ClipTokenizer _tokenizer;
    private readonly ClipTextModel _text;

    private FrozenParts(
        AutoencoderKL autoencoder, ClipTokenizer tokenizer, ClipTextModel text, Placement placement, IReadOnlyList<string> folders)
    {
        _autoencoder = autoencoder;
        _tokenizer = tokenizer;
        _text = text;
        Placement = placement;
        Folders = folders;
    }

    public Placement Placement { get; }

    public override long[] TargetShape => [Autoencoder.LatentChannels, 8, 8];

    public override IReadOnlyList<string> Folders { get; }

    private AutoencoderKLConfig Autoencoder => _autoencoder.Config;

    public static FrozenParts Load(string folder, ScalarType dtype)
    {
        Placement placement = new(dtype, CPU);
        string vae = Path.Combine(folder, "vae"), text = Path.Combine(folder, "text_encoder");
        string tokenizer = Path.Combine(folder, "tokenizer");
        AutoencoderKL autoencoder = new(AutoencoderKLConfig.Parse(ModelPart.ReadConfig(vae), vae), placement);
        ClipTextModel encoder = new(ClipTextConfig.Parse(ModelPart.ReadConfig(text), text), placement);
        using WeightFiles vaeWeights = WeightFiles.Open(vae), textWeights = WeightFiles.Open(text);
        vaeWeights.LoadInto(autoencoder);
        textWeights.LoadInto(encoder);
        return new(autoencoder, ClipTokenizer.FromFolder(tokenizer), encoder, placement, [vae, text, tokenizer]);
    }

    /// <summary>What the denoiser is to make: <c>[B, 3, 64, 64]</c> pixels, 0..1, to scaled latents, float32.</summary>
    public override Tensor Targets(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mean = _autoencoder.Encode(pixels.Times(2).Plus(-1).to(Placement.DType)).Mean;
        return mean.to(ScalarType.Float32).Times(Autoencoder.ScalingFactor).MoveToOuterDisposeScope();
    }

    /// <summary>Pixels of scaled latents, 0..1, float32.</summary>
    public Tensor Pixels(Tensor latents)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor decoded = _autoencoder.Decode(latents.Times(1 / Autoencoder.ScalingFactor).to(Placement.DType));
        return decoded.to(ScalarType.Float32).Times(0.5).Plus(0.5).ClampTo(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>ln_f(h^L) of captions, <c>[captions, T, width]</c>.</summary>
    public override Tensor States(IReadOnlyList<string> captions)
    {
        using DisposeScope scope = NewDisposeScope();
        TextTrace trace = _text.Trace(CaptionTokens.Of(_tokenizer, captions).Ids);
        return _text.FinalNorm(trace.HiddenStates[^1]).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _autoencoder.Dispose();
        _text.Dispose();
    }
}
