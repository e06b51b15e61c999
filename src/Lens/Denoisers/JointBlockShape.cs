namespace DiffusionLens.Denoisers;

/// <summary>The sizes of a transformer block of SD 3 or FLUX, and which of its optional parts it has.</summary>
internal sealed record JointBlockShape
{
    /// <summary>Width of the tokens, a multiple of <see cref="HeadCount"/>.</summary>
    public required int Width { get; init; }

    /// <summary>Attention heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Queries and keys are normed, head by head (<c>qk_norm</c>).</summary>
    public required bool NormsQueries { get; init; }

    /// <summary>The image attends to itself once more beside the joint attention (SD 3.5 medium).</summary>
    public bool IsDual { get; init; }

    /// <summary>The text's stream ends here: nothing reads what would come of it.</summary>
    public bool EndsText { get; init; }

    /// <summary>Width of one head.</summary>
    public int HeadWidth => Width / HeadCount;
}
