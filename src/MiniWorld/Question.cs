namespace MiniWorld;

/// <summary>
/// What an annotator is asked about one image: the machine form of a spec's <c>sees:</c>. A scene knows the true answer,
/// the recognizer a score.
/// </summary>
public abstract record Question
{
    private Question()
    {
    }

    /// <summary>Is this thing in the image? A thing, an animal or a person, by name.</summary>
    /// <param name="Thing">A word of the lexicon.</param>
    public sealed record ThingPresent(string Thing) : Question;

    /// <summary>Is anything in the image of this color?</summary>
    /// <param name="Color">A word of the group <c>color</c>.</param>
    public sealed record ColorPresent(string Color) : Question;

    /// <summary>Is this thing in the image, in this color?</summary>
    /// <param name="Thing">A word of the lexicon.</param>
    /// <param name="Color">A word of the group <c>color</c>.</param>
    public sealed record ThingInColor(string Thing, string Color) : Question;

    /// <summary>Is the first thing in (or on) the second?</summary>
    /// <param name="First">What is in or on the other.</param>
    /// <param name="Relation"><c>in</c> or <c>on</c>.</param>
    /// <param name="Second">The container or the surface.</param>
    public sealed record Related(string First, string Relation, string Second) : Question;

    /// <summary>Is one of two things in or on the other, whichever is said first?</summary>
    /// <param name="One">One of them.</param>
    /// <param name="Other">The other.</param>
    public sealed record Together(string One, string Other) : Question;

    /// <summary>Is an animal in the image, whichever?</summary>
    public sealed record AnimalPresent : Question;

    /// <summary>Is an animal of this class in the image?</summary>
    /// <param name="Class">A class of the lexicon's animals: <c>mammal</c>, <c>bird</c>, ...</param>
    public sealed record AnimalOfClass(string Class) : Question;

    /// <summary>Is a person in the image, whoever?</summary>
    public sealed record PersonPresent : Question;

    /// <summary>Is a person of this gender in the image?</summary>
    /// <param name="Gender">A gender of the lexicon's persons.</param>
    public sealed record PersonOfGender(string Gender) : Question;

    /// <summary>Is a person of this trade in the image?</summary>
    /// <param name="Trade">A trade of the lexicon's persons: <c>farmer</c>, <c>doctor</c>, ...</param>
    public sealed record PersonOfTrade(string Trade) : Question;
}
