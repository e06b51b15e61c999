namespace Experiments.Specs;

/// <summary>A question with a yes or a no for every image of its conditions.</summary>
/// <param name="Name">Its name in the spec and in answers.csv.</param>
/// <param name="Ask">The sentence for people, with slots.</param>
/// <param name="Sees">The same for a recognizer; null where only people are asked.</param>
/// <param name="Of">The conditions whose images it is asked about.</param>
/// <param name="Location">Where it was written.</param>
internal sealed record QuestionSpec(string Name, Template Ask, VisualQuery? Sees, IReadOnlyList<string> Of, SourceLocation Location);
