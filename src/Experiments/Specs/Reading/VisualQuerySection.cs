using MiniWorld;

namespace Experiments.Specs.Reading;

/// <summary>Reads <c>sees:</c>, what a question is for a recognizer.</summary>
internal static class VisualQuerySection
{
    private const string ColorGroup = "color", AnyRelation = "any", Suffix = " of";

    private static readonly string[] AttributeKeys = [.. LexiconWord.Attributes.Select(attribute => attribute + Suffix)];

    /// <param name="question">The question's name.</param>
    /// <param name="node">What stands under <c>sees</c>.</param>
    /// <param name="check">Complains about a slot that the prompts of the question do not have.</param>
    public static VisualQuery Read(string question, Node node, Action<(Slot Slot, SourceLocation Location)> check)
    {
        if (node is TextNode text)
        {
            return text.OneOf("thing to see without saying which", ["animal", "person"]) == "animal"
                ? new VisualQuery.Animal()
                : new VisualQuery.Person();
        }
        Fields fields = new(node, $"what {question.Quoted()} sees", ["thing", "color", "relation", "to", .. AttributeKeys]);
        if (AttributeKeys.FirstOrDefault(key => fields.Optional(key) is not null) is string attribute)
        {
            (_, Node value) = fields.OneOf(["thing", "color", "relation", "to", .. AttributeKeys]);
            Slot slot = SlotOf(value) with { Attribute = attribute[..^Suffix.Length] };
            return new VisualQuery.OfKind(slot, value.Location);
        }
        Slot? thing = ThingOf("thing"), to = ThingOf("to");
        Slot? color = fields.Optional("color") is { } node2 ? ColorOf(node2) : null;
        if (fields.Optional("relation") is not { } relation)
        {
            return (thing, color, to) switch
            {
                (_, _, not null) => throw fields
                    .Required("to", "")
                    .Location.Error("'to' without 'relation'; write for example {thing: object, relation: any, to: object'}"),
                (not null, not null, _) => new VisualQuery.ThingInColor(thing, color),
                (not null, null, _) => new VisualQuery.Thing(thing),
                _ => new VisualQuery.Color(color!),
            };
        }
        if (thing is null || to is null || color is not null)
        {
            throw relation.Location.Error(
                "a relation is of one thing to another; write for example {thing: object, relation: any, to: object'}");
        }
        return relation is TextNode { Value: AnyRelation }
            ? new VisualQuery.Together(thing, to)
            : new VisualQuery.Related(thing, SlotOf(relation), to);

        Slot? ThingOf(string key) => fields.Optional(key) is not { } value ? null
            : SlotOf(value) is { Group: not ColorGroup } slot ? slot
            : throw value.Wrong("a slot of a thing, such as object; a color goes under color:");

        Slot ColorOf(Node value) =>
            SlotOf(value) is { Group: ColorGroup } slot ? slot : throw value.Wrong("a slot of a color: color or color'");

        Slot SlotOf(Node value)
        {
            Slot slot = TemplateReader.ReadSlot(value.Text("the name of a slot, such as object"));
            check((slot, value.Location));
            return slot;
        }
    }
}
