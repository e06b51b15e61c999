namespace DiffusionLens.Families;

/// <summary>How many tokens of a prompt a family reads, where one may choose (diffusers: <c>max_sequence_length</c>).</summary>
/// <param name="Default">What its pipeline takes where nothing is said.</param>
/// <param name="Largest">What it takes at most.</param>
public sealed record SequenceLength(int Default, int Largest)
{
    /// <summary>What it takes at least.</summary>
    public int Least { get; init; } = 1;

    /// <summary>The length to take.</summary>
    /// <param name="asked">What was asked for; null: nothing.</param>
    /// <exception cref="BadInputException">It is not among those that the family takes.</exception>
    internal int Of(int? asked) => asked is not { } length ? Default
        : length >= Least && length <= Largest ? length
        : throw new BadInputException($"max sequence length is {length}; this model takes {Least} to {Largest}");
}
