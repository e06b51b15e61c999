using DiffusionLens;
using DiffusionLens.Configs;

namespace Experiments.Specs;

/// <summary>Where something was written, and the errors that point there.</summary>
/// <param name="File">The file as the user named it, or an option of the command line.</param>
/// <param name="Line">Line in the file, from 1; 0 for an option.</param>
/// <param name="Column">Column in the line, from 1; 0 for an option.</param>
internal readonly record struct SourceLocation(string File, long Line = 0, long Column = 0)
{
    /// <summary>More names than this are not listed in a message.</summary>
    private const int FewEnoughToList = 15;

    /// <summary><c>file:line:column</c>, or the option.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";

    /// <summary>The error about what stands here.</summary>
    /// <param name="message">What is wrong; what would be right.</param>
    public BadInputException Error(string message) => new(OneLine($"{this}: {message}"));

    /// <summary>The error that a name is not one of those that could stand here: with the nearest, and all where they are few.</summary>
    /// <param name="kind">What it should name: <c>key of the spec</c>.</param>
    /// <param name="known">The names that would be right.</param>
    public BadInputException Unknown(string name, string kind, IEnumerable<string> known)
    {
        string[] names = [.. known];
        string right = names.Length == 0 ? "there is none"
            : names.Length == 1 ? $"the only one is {names[0].Quoted()}"
            : $"did you mean {Spelling.Nearest(name, names).Quoted()}?";
        string all = names.Length is > 1 and <= FewEnoughToList ? $" (one of: {string.Join(", ", names)})" : "";
        return Error($"{name.Quoted()} is no {kind}; {right}{all}");
    }

    // A file's own line breaks and escape codes must not get into the message.
    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
}
