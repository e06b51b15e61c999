using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>
/// A prompt, tokenized and encoded once for all sites, with the other texts and runs that sites need. No dispose scope owns it:
/// <see cref="Dispose"/> frees it.
/// </summary>
public sealed class PromptEncoding : IDisposable
{
    private readonly Dictionary<(LensSite, TextHandling), TextConditioning> _conditionings = [];
    private readonly Dictionary<TextRun, EncodedText> _texts = [];
    private readonly Dictionary<TextHandling, TextConditioning> _negatives = [];
    private readonly Dictionary<int, PromptEncoding> _lengths = [];

    /// <summary>Takes the tensors over.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="texts">Its states and the empty prompt's, as the model has them, and what else sites need.</param>
    /// <param name="pooled">Its pooled vector, where the model reads one.</param>
    /// <param name="negative">What the model reads of the negative prompt.</param>
    internal PromptEncoding(string prompt, IReadOnlyDictionary<TextRun, EncodedText> texts, Tensor? pooled, TextReads negative)
    {
        (Prompt, Pooled, Negative) = (prompt, pooled, negative);
        foreach (Tensor tensor in negative.All.Concat(pooled is null ? [] : [pooled]))
        {
            tensor.DetachFromDisposeScope();
        }

        foreach ((TextRun run, EncodedText text) in texts)
        {
            Keep(run, text);
        }
    }

    /// <summary>The text.</summary>
    public string Prompt { get; }

    /// <summary>Tokens and states, encoder by encoder.</summary>
    public IReadOnlyList<EncoderStates> Encoders => Text.Encoders;

    /// <summary>The prompt's pooled vector as the model reads it, <c>[1, width]</c>; null where the model reads none.</summary>
    public Tensor? Pooled { get; }

    /// <summary>What the model itself reads of the negative prompt: the other side of the guidance, whatever the site.</summary>
    public TextReads Negative { get; }

    /// <summary>The negative prompt; null: there is none.</summary>
    internal string? NegativePrompt { get; init; }

    /// <summary>How many tokens were read of every text; null: as many as the model was loaded for.</summary>
    internal int? Length { get; init; }

    /// <summary>The prompt as the model itself encodes it.</summary>
    internal EncodedText Text => _texts[new TextRun(Prompt, EncoderRun.Native)];

    /// <summary>The empty prompt as the model itself encodes it.</summary>
    internal EncodedText Empty => _texts[new TextRun("", EncoderRun.Native)];

    /// <summary>What the denoiser reads at <paramref name="site"/>, prepared at the first use.</summary>
    internal TextConditioning At(LensSite site, TextHandling handling, Func<LensSite, TextHandling, TextConditioning> prepare)
    {
        if (!_conditionings.TryGetValue((site, handling), out TextConditioning? conditioning))
        {
            _conditionings[(site, handling)] = conditioning = prepare(site, handling);
        }

        return conditioning;
    }

    /// <summary>What it reads of the negative prompt, prepared at the first use.</summary>
    /// <param name="handling">What is done to the text.</param>
    /// <param name="prepare">Prepares it.</param>
    internal TextConditioning OfNegative(TextHandling handling, Func<TextReads, TextConditioning> prepare)
    {
        TextHandling own = handling.OfNegative;
        if (!_negatives.TryGetValue(own, out TextConditioning? conditioning))
        {
            _negatives[own] = conditioning = prepare(Negative with { Handling = own });
        }

        return conditioning;
    }

    /// <summary>The same prompt with another number of tokens, encoded at its first use where that was not foreseen.</summary>
    internal PromptEncoding WithLength(int length, Func<int, PromptEncoding> encode)
    {
        if (!_lengths.TryGetValue(length, out PromptEncoding? encoding))
        {
            _lengths[length] = encoding = encode(length);
        }

        return encoding;
    }

    /// <summary>A text of which something is read, encoded when that was not foreseen.</summary>
    internal EncodedText Of(TextRun text, EncoderRead read, Func<TextRun, EncodedText> encode)
    {
        if (!_texts.TryGetValue(text, out EncodedText? states) || !states.Holds(read))
        {
            EncodedText? before = states;
            Keep(text, states = encode(text));
            before?.Free();
        }

        return states;
    }

    /// <summary>Frees all states.</summary>
    public void Dispose()
    {
        foreach (TextConditioning conditioning in _conditionings.Values.Concat(_negatives.Values))
        {
            conditioning.Dispose();
        }

        Pooled?.Dispose();
        foreach (Tensor tensor in Negative.All)
        {
            tensor.Dispose();
        }

        foreach (PromptEncoding encoding in _lengths.Values)
        {
            encoding.Dispose();
        }

        foreach (EncodedText text in _texts.Values)
        {
            text.Free();
        }
    }

    private void Keep(TextRun run, EncodedText text)
    {
        foreach (Tensor tensor in text.Tensors)
        {
            tensor.DetachFromDisposeScope();
        }

        _texts[run] = text;
    }
}
