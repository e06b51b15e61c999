using System.CommandLine.Parsing;

namespace Experiments.Cli;

/// <summary>What System.CommandLine says of a wrong command line, which may go over several lines, in one.</summary>
internal static class ParseErrorLine
{
    /// <param name="error">What is wrong.</param>
    /// <param name="help">The command whose help says what is right.</param>
    public static string Of(ParseError error, string help)
    {
        string[] words = error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return $"{string.Join(' ', words).TrimEnd('.')}; see {help}";
    }
}
