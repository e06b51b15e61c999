namespace Experiments.Specs;

/// <summary>What a recogniser looks for, in terms of the slots of the question's conditions.</summary>
public abstract record SeenSpec
{
    private SeenSpec()
    {
    }

    /// <summary><c>sees: {thing: object}</c>.</summary>
    /// <param name="Name">The slot of the thing.</param>
    public sealed record Thing(Slot Name) : SeenSpec;

    /// <summary><c>sees: {color: color}</c>: somewhere in the picture.</summary>
    /// <param name="Name">The slot of the colour.</param>
    public sealed record Color(Slot Name) : SeenSpec;

    /// <summary><c>sees: {thing: object, color: color}</c>: the thing, in that colour.</summary>
    /// <param name="Name">The slot of the thing.</param>
    /// <param name="In">The slot of its colour.</param>
    public sealed record ThingInColor(Slot Name, Slot In) : SeenSpec;
}
