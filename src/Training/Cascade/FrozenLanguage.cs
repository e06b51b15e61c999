using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using TorchSharp;
using Training.Denoiser;
using Training.Runs;
using Training.Text;
using static TorchSharp.torch;

namespace Training.Cascade;

/// <summary>mini-if's text encoder, beside images that are pixels already.</summary>
internal sealed class FrozenLanguage : FrozenEncoders
{
    private readonly T5Tokenizer _tokenizer;
    private readonly T5EncoderModel _text;
    private readonly long _side;

    private FrozenLanguage(T5Tokenizer tokenizer, T5EncoderModel text, long side, IReadOnlyList<string> folders)
        => (_tokenizer, _text, _side, Folders) = (tokenizer, text, side, folders);

    public override long[] TargetShape => [3, _side, _side];

    public override IReadOnlyList<string> Folders { get; }

    /// <param name="folder">The folder of stage I, with tokenizer and text encoder.</param>
    /// <param name="dtype">In which the encoder computes.</param>
    /// <param name="side">Of the images.</param>
    public static FrozenLanguage Load(string folder, ScalarType dtype, long side)
    {
        string text = Path.Combine(folder, "text_encoder"), tokenizer = Path.Combine(folder, "tokenizer");
        T5EncoderModel encoder = new(T5Config.Parse(ModelPart.ReadConfig(text), text), new Placement(dtype, CPU));
        ModelPart.Load(encoder, text);
        return new(T5Tokenizer.FromFolder(tokenizer), encoder, side, [text, tokenizer]);
    }

    /// <summary>The pixels, -1..1, float32, at this stage's size.</summary>
    public override Tensor Targets(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        return nn.functional.adaptive_avg_pool2d(pixels, _side).Times(2).Plus(-1).MoveToOuterDisposeScope();
    }

    public override Tensor States(IReadOnlyList<string> captions)
    {
        using DisposeScope scope = NewDisposeScope();
        CaptionTokens tokens = Tokens(captions);
        TextTrace trace = _text.Trace(tokens.Ids, tokens.Mask);
        return _text.FinalNorm(trace.HiddenStates[^1]).MoveToOuterDisposeScope();
    }

    /// <summary>The captions as the encoder gets them.</summary>
    public CaptionTokens Tokens(IReadOnlyList<string> captions) => CaptionTokens.Of(_tokenizer, captions);

    public override void Dispose() => _text.Dispose();
}
