using System.Globalization;
using DiffusionLens;

namespace Experiments.Cli;

/// <summary>Values of options that are lists.</summary>
internal static class ListOption
{
    /// <summary>Reads <c>0,1,7</c>.</summary>
    /// <param name="option">The option's name, for errors.</param>
    /// <param name="text">What was given, or null.</param>
    /// <returns>Each number once, in the order given; null where nothing was given.</returns>
    /// <exception cref="BadInputException">It is no list of whole numbers from 0, or has one twice.</exception>
    public static IReadOnlyList<int>? Numbers(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        List<int> numbers = [];
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int number))
            {
                throw new BadInputException($"{option} {text}: '{part}' is no whole number from 0; give a list such as 0,1,2");
            }

            numbers.Add(numbers.Contains(number) ? throw new BadInputException($"{option} {text}: {number} is there twice; keep one") : number);
        }

        return numbers;
    }
}
