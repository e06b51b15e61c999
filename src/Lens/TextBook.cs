using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>
/// The texts of several prompts, each encoded once, and no block run above the deepest that is read. Prompts are kept at all layers below;
/// of the other texts and runs, which are as many as sites have sources and altered blocks, only what is going to be read.
/// </summary>
internal sealed class TextBook
{
    private readonly Dictionary<TextRun, EncodedText> _texts = [];
    private readonly Dictionary<string, TextNeed[]> _needs;
    private readonly ILookup<TextRun, EncoderRead> _reads;
    private readonly TextToImageModel _model;
    private readonly CancellationToken _cancellation;
    private readonly int? _length;

    /// <param name="model">Encodes them.</param>
    /// <param name="needs">What is needed for each prompt.</param>
    /// <param name="length">How many tokens are read of all of them; null: as many as the model was loaded for.</param>
    /// <param name="cancellation">Heeded between texts.</param>
    public TextBook(TextToImageModel model, Dictionary<string, TextNeed[]> needs, int? length, CancellationToken cancellation)
    {
        (_model, _needs, _length, _cancellation) = (model, needs, length, cancellation);
        _reads = needs.Values.SelectMany(need => need)
            .SelectMany(need => need.Reads, (need, read) => (need.Text, Read: read))
            .ToLookup(need => need.Text, need => need.Read);
    }

    /// <summary>Of which texts, as the model itself encodes them, all layers are kept, whatever sites read.</summary>
    public required Func<string, bool> ReadsAllLayers { get; init; }

    /// <summary>A text as the model itself encodes it; the tensors belong to the caller's dispose scope.</summary>
    public EncodedText Native(string text) => Of(new TextRun(text, EncoderRun.Native), Encoded);

    /// <summary>A prompt with all that its sites need.</summary>
    /// <param name="prompt">One of the prompts.</param>
    /// <param name="negative">What the model reads of the negative prompt.</param>
    /// <param name="negativePrompt">It; null: there is none.</param>
    public PromptEncoding Encoding(string prompt, TextReads negative, string? negativePrompt)
    {
        TextRun empty = new("", EncoderRun.Native), own = new(prompt, EncoderRun.Native);
        Dictionary<TextRun, EncodedText> texts = new() { [empty] = Native("").Share(), [own] = Native(prompt).Share() };
        foreach (TextRun text in _needs[prompt].Select(need => need.Text).Where(text => !texts.ContainsKey(text)))
        {
            bool isPrompt = text.Run == EncoderRun.Native && _needs.ContainsKey(text.Text);
            texts[text] = (isPrompt ? Native(text.Text) : Of(text, Read)).Share();
        }

        return new PromptEncoding(
            prompt, texts, _model.Pooled(Native(prompt), _model.Description.PooledReads), negative.Share())
        {
            NegativePrompt = negativePrompt,
            Length = _length,
        };
    }

    private EncodedText Of(TextRun text, Func<string, EncoderRun, EncodedText> encode)
    {
        if (!_texts.TryGetValue(text, out EncodedText? states))
        {
            _cancellation.ThrowIfCancellationRequested();
            _texts[text] = states = encode(text.Text, text.Run);
        }

        return states;
    }

    private EncodedText Encoded(string text, EncoderRun run)
        => _model.Encode(text, run with { Length = _length, Blocks = BlocksOf(new TextRun(text, run)) });

    /// <summary>How many blocks of each encoder something is read of; null: as many as the model itself reads.</summary>
    private int[]? BlocksOf(TextRun text)
    {
        bool isNative = text.Run == EncoderRun.Native;
        if (isNative && (ReadsAllLayers(text.Text) || !_needs.ContainsKey(text.Text)))
        {
            return null;
        }

        EncoderRead[] reads = [.. _reads[text], .. isNative ? _model.Description.PooledReads : []];
        return
        [
            .. _model.Description.Encoders.Select((_, encoder)
                => reads.Where(read => read.Encoder == encoder).Select(read => read.Layer).DefaultIfEmpty(0).Max()),
        ];
    }

    private EncodedText Read(string text, EncoderRun run)
    {
        using DisposeScope scope = NewDisposeScope();
        EncodedText kept = Encoded(text, run).Only([.. _reads[new TextRun(text, run)]]);
        foreach (Tensor tensor in kept.Tensors)
        {
            tensor.MoveToOuterDisposeScope();
        }

        return kept;
    }
}
