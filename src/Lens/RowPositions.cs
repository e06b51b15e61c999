namespace DiffusionLens;

/// <summary>Which positions the denoiser gives the rows of a text of which some are left out, where it knows positions of text.</summary>
public enum RowPositions
{
    /// <summary>0, 1, ... like any text of that length.</summary>
    Native,

    /// <summary>Those that they had among all rows.</summary>
    Kept,
}
