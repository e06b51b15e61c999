namespace DiffusionLens;

/// <summary>
/// What a user gave (a file, an option, a model folder) cannot be used. The message is one line for that user:
/// where, what was wrong, what would be right. The command line shows it and ends with exit code 2.
/// </summary>
public sealed class BadInputException : Exception
{
    /// <summary>An error in one line.</summary>
    /// <param name="message">Where, what was wrong, what would be right.</param>
    public BadInputException(string message)
        : base(OneLine(message))
    {
    }

    /// <summary>An error in one line, with the failure below it.</summary>
    /// <param name="message">Where, what was wrong, what would be right.</param>
    /// <param name="inner">The failure that showed it.</param>
    public BadInputException(string message, Exception inner)
        : base(OneLine(message), inner)
    {
    }

    /// <summary>Names and values come from files, and may hold anything.</summary>
    private static string OneLine(string message)
        => message.Any(char.IsControl) ? string.Concat(message.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)) : message;

    /// <summary>For serializers only.</summary>
    public BadInputException()
    {
    }
}
