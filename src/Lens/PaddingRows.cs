namespace DiffusionLens;

/// <summary>What the denoiser finds in the rows of a text's padding.</summary>
public enum PaddingRows
{
    /// <summary>What the text encoder wrote there, and what the denoiser's blocks make of it.</summary>
    Native,

    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The empty prompt's native read at the same positions.</summary>
    Empty,

    /// <summary>Their own rows as they came out of the denoiser's text embedder: what the blocks write into them is forgotten.</summary>
    Own,

    /// <summary>There are no such rows.</summary>
    Cut,
}
