namespace DiffusionLens.Tokenizers;

/// <summary>What a piece of SentencePiece is, by the numbers of its files.</summary>
internal enum SentencePieceKind
{
    /// <summary>Learned of texts.</summary>
    Normal = 1,

    /// <summary>What stands for text that no piece spells.</summary>
    Unknown = 2,

    /// <summary>A mark that no text spells, such as that of its beginning.</summary>
    Control = 3,

    /// <summary>Someone's own: it is always one piece.</summary>
    UserDefined = 4,

    /// <summary>Of no use.</summary>
    Unused = 5,

    /// <summary>A byte, of characters that no piece spells.</summary>
    Byte = 6,
}
