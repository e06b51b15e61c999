using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using TorchSharp;
using Training.Runs;
using Training.Text;
using static TorchSharp.torch;

namespace Training.Flow;

/// <summary>What mini-mmdit's transformer reads of captions: the states of mini-if's T5, and what mini-sd's CLIP pools.</summary>
internal sealed class FlowText : IDisposable
{
    private readonly PromptTokenizer _clipTokenizer, _t5Tokenizer;
    private readonly ClipTextModel _clip;
    private readonly T5EncoderModel _t5;

    /// <param name="models">The folder with mini-sd and mini-if.</param>
    /// <param name="placement">Where and in which type both compute.</param>
    public FlowText(string models, Placement placement)
    {
        string sd = Path.Combine(models, "mini-sd"), language = Path.Combine(models, "mini-if", "stage_I");
        string clip = Path.Combine(sd, "text_encoder"), t5 = Path.Combine(language, "text_encoder");
        string clipTokenizer = Path.Combine(sd, "tokenizer"), t5Tokenizer = Path.Combine(language, "tokenizer");
        _clip = new ClipTextModel(ClipTextConfig.Parse(ModelPart.ReadConfig(clip), clip), placement);
        _t5 = new T5EncoderModel(T5Config.Parse(ModelPart.ReadConfig(t5), t5), placement);
        ModelPart.Load(_clip, clip);
        ModelPart.Load(_t5, t5);
        _clipTokenizer = ClipTokenizer.FromFolder(clipTokenizer);
        _t5Tokenizer = T5Tokenizer.FromFolder(t5Tokenizer).WithLength(MmditFiles.TextLength);
        Folders = [clip, clipTokenizer, t5, t5Tokenizer];
    }

    /// <summary>The folders that it was read from.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <summary>
    /// The last states of T5, normed, which attends to padding as to any token, and below them what CLIP pools, which has the same width:
    /// <c>[captions, T + 1, width]</c>. <see cref="FlowNetwork"/> takes them apart.
    /// </summary>
    public Tensor States(IReadOnlyList<string> captions)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor states = _t5.FinalNorm(_t5.Trace(Tokens(captions).Ids, attentionMask: null).HiddenStates[^1]);
        return cat([states, Pooled(captions).unsqueeze(1)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The captions as T5 gets them.</summary>
    public CaptionTokens Tokens(IReadOnlyList<string> captions) => CaptionTokens.Of(_t5Tokenizer, captions);

    public void Dispose()
    {
        _clip.Dispose();
        _t5.Dispose();
    }

    // CLIP's state at the end token, normed: [captions, width].
    private Tensor Pooled(IReadOnlyList<string> captions)
    {
        CaptionTokens tokens = CaptionTokens.Of(_clipTokenizer, captions);
        Tensor normed = _clip.FinalNorm(_clip.Trace(tokens.Ids).HiddenStates[^1]);
        Tensor ends = tokens.Ends.view(-1, 1, 1).expand(-1, 1, normed.shape[2]);
        return normed.gather(1, ends).squeeze(1);
    }
}
