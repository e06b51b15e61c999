namespace Experiments.Specs;

/// <summary>Which rows (prompt, seed) a figure is about.</summary>
internal enum RowChoice
{
    /// <summary><c>all</c>: every row.</summary>
    All,

    /// <summary>
    /// <c>right in the last layer</c>: rows whose image from the last layer is right (the paper's main figures, its section 3).
    /// </summary>
    RightInTheLastLayer,
}
