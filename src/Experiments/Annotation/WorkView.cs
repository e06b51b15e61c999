namespace Experiments.Annotation;

/// <summary>What the page shows: the set that a person is at, and how far all of it is.</summary>
/// <param name="Name">Who the person is; null: they have not said it.</param>
/// <param name="Names">Those who answered before.</param>
/// <param name="Set">The set; null where there is nothing to answer for them.</param>
/// <param name="Waiting">How many questions are with others, or wait for a second person.</param>
internal sealed record WorkView(string? Name, IReadOnlyList<string> Names, SetView? Set, int Waiting, ProgressView Progress);

/// <summary>A set of images with one question.</summary>
/// <param name="Question">The question in words.</param>
/// <param name="Prompt">The prompt, where the question needs it.</param>
/// <param name="Position">The image to show first, from 0.</param>
/// <param name="References">Images of what is asked about, to compare with.</param>
/// <param name="Ahead">Images of the set that comes next, to be had at once.</param>
internal sealed record SetView(
    string Question,
    string? Prompt,
    bool IsSecond,
    int Position,
    IReadOnlyList<ItemView> Items,
    IReadOnlyList<string> References,
    IReadOnlyList<string> Ahead);

/// <summary>An image of a set.</summary>
/// <param name="Id">The question's place in the plan.</param>
/// <param name="Image">Where the page gets it.</param>
/// <param name="Yes">What this person answered; null: nothing yet.</param>
internal sealed record ItemView(int Id, string Image, bool? Yes);

/// <summary>How far the work is.</summary>
/// <param name="Answered">Answers that there are, of all people.</param>
/// <param name="All">Answers that are wanted, second ones too.</param>
/// <param name="Mine">Answers of this person.</param>
/// <param name="SecondsLeft">How long it will take at the pace of those who are at it; null: not known yet.</param>
/// <param name="Compared">Questions that two people answered.</param>
/// <param name="Agreed">Those of them that they answered alike.</param>
/// <param name="Kappa">Cohen's kappa of these; null where chance alone gives full agreement.</param>
internal sealed record ProgressView(int Answered, int All, int Mine, double? SecondsLeft, int Compared, int Agreed, double? Kappa);
