namespace Experiments.Specs;

/// <summary>Puts what a file says in quotes within a message.</summary>
internal static class Quoting
{
    /// <summary>In single quotes, or in double ones where a prime would run into them: 'object', "object'".</summary>
    public static string Quoted(this string text) => text.Contains('\'', StringComparison.Ordinal) ? $"\"{text}\"" : $"'{text}'";
}
