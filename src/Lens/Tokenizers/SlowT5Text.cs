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
        _unknownLength = Pieces(T5Vocabulary.Unknown).Count;
    }

    /// <summary>The ids of a text, special tokens among them, without an end.</summary>
    public IEnumerable<int> Encode(string text)
        => _isLegacy
            ? PromptTokenizer.TextIds(text, _special, stretch => Pieces(stretch), IdOfSpecial)
            : PromptTokenizer.TextIds(Marked(text), _special, Stretch, IdOfSpecial);

    private int IdOfSpecial(string found) => _idOfSpecial(found.Trim());

    private string Marked(string text)
        => text.Length == 0
            ? text
            : (_addsPrefix ? UnigramText.Space : "") + text.Replace(UnigramText.Space, " ", StringComparison.Ordinal);

    /// <summary>
    /// SentencePiece drops a space at the beginning of a text; <c>T5Tokenizer</c> keeps it by writing <c>&lt;unk&gt;</c> before and taking
    /// its pieces away again.
    /// </summary>
    private IEnumerable<int> Stretch(string text)
    {
        if (text.Length == 0 || (text[0] != ' ' && text[0] != UnigramText.Space[0]))
        {
            return Pieces(text);
        }

        List<int> ids = Pieces(T5Vocabulary.Unknown + text);
        return ids.Count >= _unknownLength ? ids.Skip(_unknownLength) : ids;
    }

    private List<int> Pieces(string text) => _unigrams.Encode(_model.Normalize(text, _isLegacy && _model.AddsDummyPrefix));
}
