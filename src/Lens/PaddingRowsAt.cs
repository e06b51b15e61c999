namespace DiffusionLens;

/// <summary>Where the rows of a text's padding are set.</summary>
public enum PaddingRowsAt
{
    /// <summary>Once, in the states that the denoiser is given.</summary>
    Input,

    /// <summary>Once, behind the denoiser's text embedder and before its first block.</summary>
    Embedded,

    /// <summary>
    /// Before each block again, from behind the text embedder: the rows take part in attention but carry nothing from block to block.
    /// </summary>
    EveryBlock,
}
