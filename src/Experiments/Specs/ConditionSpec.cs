namespace Experiments.Specs;

/// <summary>One kind of prompt: "an object", "an object in a colour".</summary>
/// <param name="Name">Its name in the spec, for example <c>two colors</c>.</param>
/// <param name="Template">The text, with slots for words.</param>
/// <param name="Sample">How many prompts are drawn.</param>
/// <param name="Right">When a picture shows what its prompt says.</param>
/// <param name="Words">Slots that are limited to some words of their group; all others take the whole group.</param>
/// <param name="Place">Where it was written.</param>
public sealed record ConditionSpec(
    string Name, Template Template, int Sample, AnswerRule Right, IReadOnlyList<WordChoice> Words, Place Place);
