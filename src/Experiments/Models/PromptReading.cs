using DiffusionLens;
using DiffusionLens.Families;
using DiffusionLens.Tokenizers;

namespace Experiments.Models;

/// <summary>
/// What a model's text encoders make of prompts before they read them: where one is cut off, and whether the two tokenizers that people get
/// behind the name <c>CLIPTokenizer</c> read it alike.
/// </summary>
internal sealed class PromptReading
{
    private const int Shown = 60;

    private readonly IReadOnlyList<PromptTokenizer> _tokenizers;
    private readonly IReadOnlyList<string> _encoders;
    private readonly TextCleaning _cleaning;

    /// <param name="tokenizers">One for each encoder, with the cleaning that was asked for.</param>
    /// <param name="encoders">What the encoders are called.</param>
    /// <param name="cleaning">What was asked for.</param>
    public PromptReading(IReadOnlyList<PromptTokenizer> tokenizers, IReadOnlyList<string> encoders, TextCleaning cleaning)
    {
        (_tokenizers, _encoders, _cleaning) = (tokenizers, encoders, cleaning);
        if (cleaning != TextCleaning.None && !tokenizers.Any(tokenizer => tokenizer is ClipTokenizer))
        {
            throw new BadInputException(
                "--clean-text: this model has no CLIP tokenizer, and no other cleans prompts; leave the option out");
        }
    }

    /// <summary>Whose tokenizers they are, which says whose lengths one may choose; null: nobody's.</summary>
    private ModelDescription? Model { get; init; }

    /// <summary>Reads a model's tokenizers, not its weights.</summary>
    /// <exception cref="BadInputException">A file is missing or damaged, or the cleaning is none that the model has.</exception>
    public static PromptReading Of(ModelInfo info, ModelRequest request) => new(
        info.Tokenizers(request), [.. info.Description.Encoders.Select(encoder => encoder.Name)], request.Cleaning)
    {
        Model = info.Description,
    };

    /// <summary>How many tokens are read of a prompt, and of all texts beside it; null: as many as the model was asked to.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="asked">What is asked for; null: nothing.</param>
    /// <exception cref="BadInputException">No such number is read.</exception>
    public int? LengthOf(string prompt, TextLength? asked) => asked is null ? null : Model?.LengthOf(Read(prompt), asked);

    /// <summary>What each encoder reads of a text, in the order of the model's encoders.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">How many tokens are read by encoders whose length one may choose; null: as many as ever.</param>
    public IReadOnlyList<TokenizedPrompt> Read(string text, int? length = null) =>
        [.. _tokenizers.Select((tokenizer, encoder) => Sized(tokenizer, encoder, length).Encode(text))];

    /// <summary>What is to be said of a text.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="length">As of <see cref="Read"/>.</param>
    public PromptNote Note(string prompt, int? length = null)
    {
        (string Encoder, PromptCut Cut)[] cuts =
        [
            .. Read(prompt, length).Select((tokens, index) => (Encoder: _encoders.ElementAtOrDefault(index) ?? "", tokens.Cut))
                .Where(encoder => encoder.Cut is not null)
                .Select(encoder => (encoder.Encoder, encoder.Cut!)),
        ];
        bool areAlike = cuts.Length == _tokenizers.Count && cuts.Select(cut => cut.Cut).Distinct().Count() == 1;
        return new PromptNote(
            areAlike ? cuts[0].Cut.Unread : string.Join("; ", cuts.Select(cut => $"{cut.Encoder}: {cut.Cut.Unread}")),
            IsCleaned: _cleaning == TextCleaning.Ftfy && DiffersByCleaning(prompt),
            [
                .. areAlike
                    ? [$"{Short(prompt)} is cut off {Where(cuts[0].Cut)}"]
                    : cuts.Select(cut => $"{Short(prompt)} is cut off for {cut.Encoder} {Where(cut.Cut)}"),
                .. CleaningLines(prompt),
            ]);

        static string Where(PromptCut cut) => $"from {Short(cut.Unread)} on: {cut.Read} of its {cut.All} tokens are read";
    }

    /// <summary>Whether there is nothing in a prompt that ftfy could mend, and no token written out: most are so.</summary>
    private static bool IsPlain(string prompt) => prompt.All(letter => letter is >= ' ' and <= '~' and not ('&' or '<'));

    /// <summary>A text in quotation marks, on one line, its middle left out where it is long.</summary>
    private static string Short(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= Shown ? $"\"{line}\"" : $"\"{Whole(line[..(Shown / 2)])}…{Whole(line[^(Shown / 2)..])}\"";

        static string Whole(string part) => string.Concat(part.EnumerateRunes().Where(rune => rune.Value != 0xfffd));
    }

    private PromptTokenizer Sized(PromptTokenizer tokenizer, int encoder, int? length) =>
        length is { } tokens && Model?.HasFreeLength(encoder) == true ? tokenizer.WithLength(tokens) : tokenizer;

    private IEnumerable<string> CleaningLines(string prompt)
    {
        bool isFtfy = _cleaning == TextCleaning.Ftfy;
        if (!_tokenizers.OfType<ClipTokenizer>().Any(clip => isFtfy || !clip.IsFastByName) || !DiffersByCleaning(prompt))
        {
            return [];
        }

        string mended = FtfyText.Fix(prompt);
        string reading = mended == prompt ? "other tokens" : Short(mended);
        return
        [
            isFtfy
                ? $"{Short(prompt)} is read by ftfy's rules as {reading}"
                : $"{Short(prompt)}: CLIPTokenizer of transformers 4 with ftfy reads {reading} here; --clean-text ftfy does too",
        ];
    }

    private bool DiffersByCleaning(string prompt) => !IsPlain(prompt) && _tokenizers.OfType<ClipTokenizer>().Any(clip =>
        !clip.With(TextCleaning.None).Encode(prompt).Ids.SequenceEqual(clip.With(TextCleaning.Ftfy).Encode(prompt).Ids));
}

/// <summary>What is to be said of a prompt.</summary>
/// <param name="CutOff">The end of it that is not read; empty where all of it is.</param>
/// <param name="IsCleaned">Whether the cleaning that was asked for changes its tokens.</param>
/// <param name="Lines">The same for people, a line each; none where there is nothing to say.</param>
internal sealed record PromptNote(string CutOff, bool IsCleaned, IReadOnlyList<string> Lines);
