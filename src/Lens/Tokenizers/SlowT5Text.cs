using System.Text.RegularExpressions;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// Text as the Hugging Face <c>T5Tokenizer</c> reads it: special tokens are cut out, SentencePiece reads what stands between.
/// </summary>
internal sealed class SlowT5Text
{
    private readonly SentencePieceModel _model;
    private readonly UnigramText _unigrams;
    private readonly bool _isLegacy;
    private readonly bool _addsPrefix;
    private readonly Regex _special;
    private readonly Func<string, int> _idOfSpecial;
    private readonly int _unknownLength;

    /// <param name="model">SentencePiece's.</param>
    /// <param name="isLegacy">Whether each stretch is read as a text of its own, with a space before it.</param>
    /// <param name="addsPrefix">Where it is not, whether a space is put before the whole text.</param>
    /// <param name="special">Finds special tokens.</param>
    /// <param name="idOfSpecial">The id of one.</param>
    public SlowT5Text(SentencePieceModel model, bool isLegacy, bool addsPrefix, Regex special, Func<string, int> idOfSpecial)
    {
        (_model, _isLegacy, _addsPrefix, _special, _idOfSpecial) = (model, isLegacy, addsPrefix, special, idOfSpecial);
        _unigrams = new UnigramText(model.Pieces, T5Vocabulary.UnknownId, isSingle: true);
        _unknownLength = Pieces(AlignedText.Of(T5Vocabulary.Unknown)).Count;
    }

    /// <summary>The tokens of a text, special tokens among them, without an end.</summary>
    public IEnumerable<TextToken> Encode(AlignedText text)
        => _isLegacy
            ? PromptTokenizer.TextTokens(text, _special, Pieces, IdOfSpecial)
            : PromptTokenizer.TextTokens(Marked(text), _special, Stretch, IdOfSpecial);

    private int IdOfSpecial(string found) => _idOfSpecial(found.Trim());

    private AlignedText Marked(AlignedText text)
        => text.Length == 0 ? text : text.Replace(UnigramText.Space, " ").Prepend(_addsPrefix ? UnigramText.Space : "");

    /// <summary>
    /// SentencePiece drops a space at the beginning of a text; <c>T5Tokenizer</c> keeps it by writing <c>&lt;unk&gt;</c> before and taking
    /// its pieces away again.
    /// </summary>
    private IEnumerable<TextToken> Stretch(AlignedText text)
    {
        if (text.Length == 0 || (text.Text[0] != ' ' && text.Text[0] != UnigramText.Space[0]))
        {
            return Pieces(text);
        }

        List<TextToken> tokens = Pieces(text.Prepend(T5Vocabulary.Unknown));
        return tokens.Count >= _unknownLength ? tokens.Skip(_unknownLength) : tokens;
    }

    private List<TextToken> Pieces(AlignedText text) => _unigrams.Encode(_model.Normalize(text, _isLegacy && _model.AddsDummyPrefix));
}
