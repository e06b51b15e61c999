namespace DiffusionLens;

/// <summary>
/// What a user gave (a file, an option, a model folder) cannot be used. The message is one line for that user:
/// where, what was wrong, what would be right. The command line shows it and ends with exit code 2. Of what a file says it may quote much;
/// of a longer line than a screen holds the middle is left out.
/// </summary>
public sealed class BadInputException : Exception
{
    private const int Longest = 2000, Ending = 600;

    /// <summary>An error in one line.</summary>
    /// <param name="message">Where, what was wrong, what would be right.</param>
    public BadInputException(string message)
        : base(Shortened(message))
    {
    }

    /// <summary>An error in one line, with the failure below it.</summary>
    /// <param name="message">Where, what was wrong, what would be right.</param>
    /// <param name="inner">The failure that showed it.</param>
    public BadInputException(string message, Exception inner)
        : base(Shortened(message), inner)
    {
    }

    /// <summary>For serializers only.</summary>
    public BadInputException()
    {
    }

    // What would be right stands at the end.
    private static string Shortened(string message)
    {
        if (message.Length <= Longest)
        {
            return message;
        }

        int end = Longest - Ending - 3, start = message.Length - Ending;
        end -= char.IsHighSurrogate(message[end - 1]) ? 1 : 0;
        start += char.IsLowSurrogate(message[start]) ? 1 : 0;
        return $"{message[..end]} … {message[start..]}";
    }
}
