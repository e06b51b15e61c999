namespace Experiments.Specs;

/// <summary>
/// What a spec file says: a <see cref="Spec"/>, which makes images, or a <see cref="Comparison"/>, which reads answers of others.
/// </summary>
internal abstract record Experiment
{
    /// <summary>The file's name without extension; results go to <c>results/NAME/MODEL/</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The file that was read.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of that file's bytes, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>One line for people.</summary>
    public required string Title { get; init; }
}
