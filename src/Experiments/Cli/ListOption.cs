using System.Globalization;
using DiffusionLens;
using Experiments.Specs;

namespace Experiments.Cli;

/// <summary>Values of options that are lists.</summary>
internal static class ListOption
{
    /// <summary>Reads seeds: <c>0,1,7</c>.</summary>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="text">What was given, or null.</param>
    /// <returns>Each seed once, in the order given; null where nothing was given.</returns>
    /// <exception cref="BadInputException">It is no list of whole numbers from 0 to 2^64-1, or has one twice.</exception>
    public static IReadOnlyList<ulong>? Seeds(string option, string? text) =>
        Each(
            option,
            text,
            part =>
                ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
                    ? seed
                    : throw new BadInputException(
                        $"{option} {text}: '{part}' is no whole number from 0 to {ulong.MaxValue}; give a list such as 0,1,2"));

    /// <summary>Reads names of some that are known: <c>people,recognizer</c>.</summary>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="text">What was given, or null.</param>
    /// <param name="known">The names there are.</param>
    /// <returns>Each name once, in the order given; null where nothing was given.</returns>
    /// <exception cref="BadInputException">A name is not known, or there twice.</exception>
    public static IReadOnlyList<string>? Names(string option, string? text, IReadOnlyList<string> known) => Each(option, text, part =>
        known.Contains(part) ? part : throw new SourceLocation(option).Unknown(part, "annotator", known));

    /// <summary>Reads blocks of an encoder: <c>3,4</c>.</summary>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="text">What was given, or null.</param>
    /// <returns>Each block once, in the order given; null where nothing was given.</returns>
    /// <exception cref="BadInputException">It is no list of whole numbers from 1, or has one twice.</exception>
    public static IReadOnlyList<int>? Blocks(string option, string? text) => Each(option, text, part =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int block) && block >= 1
            ? block
            : throw new BadInputException($"{option} {text}: '{part}' is no block, which count from 1; give a list such as 3,4"));

    private static List<T>? Each<T>(string option, string? text, Func<string, T> read)
    {
        if (text is null)
        {
            return null;
        }

        List<T> values = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            T value = read(part);
            values.Add(values.Contains(value) ? throw new BadInputException($"{option} {text}: {part} is there twice; keep one") : value);
        }

        return values;
    }
}
