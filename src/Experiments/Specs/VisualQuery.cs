namespace Experiments.Specs;

/// <summary>What a recognizer looks for, in terms of the slots of the question's conditions.</summary>
internal abstract record VisualQuery
{
    private VisualQuery()
    {
    }

    /// <summary>As it stands under <c>sees</c> of a spec, whatever order and spaces it is written with there.</summary>
    public string Text => this switch
    {
        Thing(var thing) => $"{{thing: {thing.Name}}}",
        Color(var color) => $"{{color: {color.Name}}}",
        ThingInColor(var thing, var color) => $"{{thing: {thing.Name}, color: {color.Name}}}",
        Related(var thing, var preposition, var to) => $"{{thing: {thing.Name}, relation: {preposition.Name}, to: {to.Name}}}",
        Together(var thing, var to) => $"{{thing: {thing.Name}, relation: any, to: {to.Name}}}",
        Animal => "animal",
        Person => "person",
        OfKind(var name, _) => $"{{{name.Attribute} of: {name.Word.Name}}}",
        _ => throw new InvalidOperationException($"No text for {GetType().Name}"),
    };

    /// <summary><c>sees: {thing: object}</c>.</summary>
    /// <param name="Name">The slot of the thing.</param>
    public sealed record Thing(Slot Name) : VisualQuery;

    /// <summary><c>sees: {color: color}</c>: somewhere in the image.</summary>
    /// <param name="Name">The slot of the color.</param>
    public sealed record Color(Slot Name) : VisualQuery;

    /// <summary><c>sees: {thing: object, color: color}</c>: the thing, in that color.</summary>
    /// <param name="Name">The slot of the thing.</param>
    /// <param name="In">The slot of its color.</param>
    public sealed record ThingInColor(Slot Name, Slot In) : VisualQuery;

    /// <summary>
    /// <c>sees: {thing: object, relation: preposition, to: object'}</c>: the thing in or on the other, as the prompt's preposition says.
    /// </summary>
    /// <param name="Name">The slot of the thing.</param>
    /// <param name="Preposition">The slot of the preposition.</param>
    /// <param name="To">The slot of the container or surface.</param>
    public sealed record Related(Slot Name, Slot Preposition, Slot To) : VisualQuery;

    /// <summary><c>sees: {thing: noun, relation: any, to: noun'}</c>: one of the two in or on the other.</summary>
    /// <param name="Name">The slot of one thing.</param>
    /// <param name="To">The slot of the other.</param>
    public sealed record Together(Slot Name, Slot To) : VisualQuery;

    /// <summary><c>sees: animal</c>: whichever.</summary>
    public sealed record Animal : VisualQuery;

    /// <summary><c>sees: person</c>: whoever.</summary>
    public sealed record Person : VisualQuery;

    /// <summary>
    /// <c>sees: {class of: animal}</c>, <c>{gender of: person}</c>, <c>{trade of: person}</c>: anyone of whom the same is true.
    /// </summary>
    /// <param name="Name">The slot, with its attribute.</param>
    /// <param name="Location">Where it was written.</param>
    public sealed record OfKind(Slot Name, SourceLocation Location) : VisualQuery;
}
