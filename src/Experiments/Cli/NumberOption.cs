using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Experiments.Cli;

/// <summary>Options that are a number in a range, written with a point whatever the locale.</summary>
internal static class NumberOption
{
    /// <summary>An option that takes a whole number.</summary>
    /// <param name="description">What help says of it.</param>
    /// <param name="helpName">What stands for the number in help.</param>
    /// <param name="least">The least that it takes.</param>
    /// <param name="most">The most that it takes.</param>
    public static Option<int?> Whole(string name, string description, string helpName, int least = 1, int most = int.MaxValue) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = parsed =>
                Read(parsed, most == int.MaxValue ? $"a whole number from {least}" : $"a whole number from {least} to {most}", least, most),
        };

    /// <summary>An option that takes a number.</summary>
    /// <param name="description">What help says of it.</param>
    /// <param name="helpName">What stands for the number in help.</param>
    /// <param name="least">The least that it takes.</param>
    /// <param name="most">The most that it takes.</param>
    public static Option<double?> Real(string name, string description, string helpName, double least, double most) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = parsed => Read(parsed, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"), least, most),
    };

    private static T? Read<T>(ArgumentResult parsed, string right, T least, T most)
        where T : struct, INumber<T>
    {
        string text = parsed.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T number) && number >= least && number <= most)
        {
            return number;
        }

        parsed.AddError($"{((OptionResult)parsed.Parent!).Option.Name} {text}: give {right}");
        return null;
    }
}
