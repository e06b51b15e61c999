using System.Buffers.Binary;
using System.Text;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// <c>spiece.model</c>, <c>tokenizer.model</c>: SentencePiece's pieces (T5's unigrams, Gemma's byte pairs) and how text is made ready for
/// them, a protocol buffer (sentencepiece_model.proto: pieces are field 1, the trainer's settings 2, the normalizer's 3).
/// </summary>
internal sealed class SentencePieceModel
{
    private const int UnigramModel = 1, BytePairModel = 2;

    private readonly List<UnigramPiece> _pieces = [];
    private readonly List<SentencePieceKind> _kinds = [];
    private byte[] _charsmap = [];
    private int _modelType = UnigramModel;
    private bool _fallsBackToBytes;

    private SentencePieceModel()
    {
    }

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<UnigramPiece> Pieces => _pieces;

    /// <summary>What each of them is.</summary>
    public IReadOnlyList<SentencePieceKind> Kinds => _kinds;

    /// <summary>The rewriting rules.</summary>
    public Charsmap Charsmap { get; private set; } = Charsmap.Parse([])!;

    /// <summary>Whether a space is put before a text.</summary>
    public bool AddsDummyPrefix { get; private set; } = true;

    /// <summary>Whether spaces at both ends fall away and several between become one.</summary>
    public bool RemovesExtraSpaces { get; private set; } = true;

    /// <exception cref="BadInputException">The file is missing, or is no unigram model.</exception>
    public static SentencePieceModel Read(string path)
    {
        SentencePieceModel model = ReadAny(path);
        if (model._modelType != UnigramModel || model._fallsBackToBytes)
        {
            throw new BadInputException($"{path}: is no SentencePiece model of T5's kind, which has unigrams and no pieces for bytes");
        }

        model.Charsmap = Charsmap.Parse(model._charsmap)
            ?? throw new BadInputException($"{path}: is no SentencePiece model that can be read: its precompiled_charsmap is damaged");
        return model._kinds.Contains(SentencePieceKind.UserDefined)
            ? throw new BadInputException($"{path}: is no SentencePiece model of T5's kind: it has pieces of someone's own")
            : model;
    }

    /// <summary>Byte pairs with a piece for every byte, of texts as they stand.</summary>
    /// <exception cref="BadInputException">The file is missing, or is no such model.</exception>
    public static SentencePieceModel ReadBytePairs(string path)
    {
        SentencePieceModel model = ReadAny(path);
        return model is { _modelType: BytePairModel, _fallsBackToBytes: true, AddsDummyPrefix: false, RemovesExtraSpaces: false }
            && model._charsmap.Length == 0
            ? model
            : throw new BadInputException(
                $"{path}: is no SentencePiece model of Gemma's kind, which has byte pairs, pieces for all bytes, and leaves text as it is");
    }

    private static SentencePieceModel ReadAny(string path)
    {
        SentencePieceModel model = new();
        try
        {
            model.Fill(InputFile.ReadBytes(path));
        }
        catch (Exception failure) when (failure is InvalidDataException or ArgumentOutOfRangeException)
        {
            throw new BadInputException($"{path}: is no SentencePiece model, or a damaged one", failure);
        }

        if (model._pieces.FindIndex(piece => !double.IsFinite(piece.Score)) is >= 0 and int odd)
        {
            throw new BadInputException($"{path}: is a damaged SentencePiece model: piece {odd} has the score {model._pieces[odd].Score}");
        }

        return model._pieces.Count > 0
            ? model
            : throw new BadInputException($"{path}: is no SentencePiece model: there are no pieces in it");
    }

    /// <summary>
    /// SentencePiece's normalization: the rewriting rules, spaces trimmed and collapsed, one put before, and <c>▁</c> for each.
    /// </summary>
    /// <param name="text">Any text without halves of surrogate pairs.</param>
    /// <param name="addsPrefix">Whether the space is put before it.</param>
    public AlignedText Normalize(AlignedText text, bool addsPrefix)
    {
        TextSpan[] characters = AlignedText.CharacterOfByte(text.Text);
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text.Text);
        while (RemovesExtraSpaces && rest.Length > 0 && Charsmap.Rewrite(rest, out int length) is [(byte)' '])
        {
            rest = rest[length..];
        }

        if (rest.Length == 0)
        {
            return text[..0];
        }

        AlignedText.Builder normal = new();
        bool afterSpace = RemovesExtraSpaces;
        if (addsPrefix)
        {
            normal.Append(UnigramText.Space, text.InsertedAt(characters[^rest.Length].Start));
        }

        while (rest.Length > 0)
        {
            ReadOnlySpan<byte> part = Charsmap.Rewrite(rest, out int length);
            TextSpan first = characters[^rest.Length];
            rest = rest[length..];
            int end = rest.Length == 0 ? text.Length : characters[^rest.Length].Start;
            part = afterSpace ? part.TrimStart((byte)' ') : part;
            if (part.Length > 0)
            {
                string written = Encoding.UTF8.GetString(part).Replace(" ", UnigramText.Space, StringComparison.Ordinal);
                normal.Append(written, text.Origin(first.Start, Math.Max(end, first.End) - first.Start));
                afterSpace = RemovesExtraSpaces && part[^1] == ' ';
            }
        }

        AlignedText spaced = normal.ToText();
        return RemovesExtraSpaces ? spaced[..spaced.Text.AsSpan().TrimEnd(UnigramText.Space[0]).Length] : spaced;
    }

    private void Fill(ReadOnlySpan<byte> file)
    {
        while (Field(ref file, out int field, out ulong number, out ReadOnlySpan<byte> message))
        {
            switch (field)
            {
                case 1:
                    ReadPiece(message);
                    break;
                case 2:
                    while (Field(ref message, out field, out number, out _))
                    {
                        _modelType = field == 3 ? (int)number : _modelType;
                        _fallsBackToBytes = field == 35 ? number != 0 : _fallsBackToBytes;
                    }

                    break;
                case 3:
                    while (Field(ref message, out field, out number, out ReadOnlySpan<byte> bytes))
                    {
                        _charsmap = field == 2 ? bytes.ToArray() : _charsmap;
                        AddsDummyPrefix = field == 3 ? number != 0 : AddsDummyPrefix;
                        RemovesExtraSpaces = field == 4 ? number != 0 : RemovesExtraSpaces;
                    }

                    break;
            }
        }
    }

    private void ReadPiece(ReadOnlySpan<byte> message)
    {
        string text = "";
        float score = 0;
        SentencePieceKind kind = SentencePieceKind.Normal;
        while (Field(ref message, out int field, out ulong number, out ReadOnlySpan<byte> bytes))
        {
            switch (field)
            {
                case 1:
                    text = Encoding.UTF8.GetString(bytes);
                    break;
                case 2:
                    score = BinaryPrimitives.ReadSingleLittleEndian(bytes);
                    break;
                case 3:
                    kind = (SentencePieceKind)number;
                    break;
            }
        }

        _pieces.Add(new UnigramPiece(text, score, kind == SentencePieceKind.Normal));
        _kinds.Add(kind);
    }

    /// <summary>The next field of a message: a number (wire type 0), or bytes (1: eight, 2: a length and as many, 5: four).</summary>
    private static bool Field(ref ReadOnlySpan<byte> message, out int field, out ulong number, out ReadOnlySpan<byte> bytes)
    {
        field = 0;
        number = 0;
        bytes = default;
        if (message.Length == 0)
        {
            return false;
        }

        ulong key = Varint(ref message);
        field = (int)(key >> 3);
        int wire = (int)(key & 7);
        if (wire == 0)
        {
            number = Varint(ref message);
            return true;
        }

        int length = wire switch
        {
            1 => sizeof(double),
            2 => checked((int)Math.Min(Varint(ref message), int.MaxValue)),
            5 => sizeof(float),
            _ => throw new InvalidDataException($"there is no wire type {wire}"),
        };
        bytes = message[..length];
        message = message[length..];
        return true;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = message[..1][0];
            message = message[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number has more than 64 bits");
    }
}
