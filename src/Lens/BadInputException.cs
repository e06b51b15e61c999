namespace DiffusionLens;

/// <summary>
/// What a user gave (a file, an option, a model folder) cannot be used. The message is one line for that user:
/// where, what was wrong, what would be right. The command line shows it and ends with exit code 2.
/// </summary>
public sealed class BadInputException : Exception
{
    private const int Longest = 2000, Ending = 600;

    /// <summary>An error in one line.</summary>
    /// <param name="message">Where, what was wrong, what would be right.</param>
    public BadInputException(string message)
        : base(Shortened(OneLine(message)))
    {
    }

    /// <summary>An error in one line, with the failure below it.</summary>
    /// <param name="message">Where, what was wrong, what would be right.</param>
    /// <param name="inner">The failure that showed it.</param>
    public BadInputException(string message, Exception inner)
        : base(Shortened(OneLine(message)), inner)
    {
    }

    /// <summary>For serializers only.</summary>
    public BadInputException()
    {
    }

    /// <summary>Names and values come from files, and may hold anything.</summary>
    private static string OneLine(string message)
        => message.Any(char.IsControl) ? string.Concat(message.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)) : message;

    /// <summary>They may be of any length too. Where stands at the beginning and what would be right at the end, so the middle is left
    /// out.</summary>
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
