namespace Fuzz.Mutation;

/// <summary>Values at which readers of numbers and words go wrong.</summary>
internal static class Boundary
{
    /// <summary>Numbers, as they are written.</summary>
    public static readonly string[] Numbers =
    [
        "0", "-0", "-1", "1", "2", "3", "7", "16", "77", "255", "256", "999", "1000", "32767", "65536", "999999", "1000000", "2147483647",
        "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9007199254740993", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "18446744073709551615", "18446744073709551616", "79228162514264337593543950336",
        "0.1", "-0.5", "1.5", "1e-400", "1e-45", "1e38", "1e39", "1e308", "1e309", "-1e400", "1E5", "0x10", "1_000", "NaN", "Infinity",
        "-Infinity", "-inf", ".inf", ".nan", "1.0", "64.0", "00", "+1", "٣",
    ];

    /// <summary>JSON values that are no numbers.</summary>
    public static readonly string[] JsonValues =
    [
        "null", "true", "false", "\"\"", "\" \"", "\"a\"", "[]", "{}", "[[]]", "[null]", "[{}]", "[1]", "[0]", "[-1]", "[1,2,3]", "\"NaN\"",
        "\"-Infinity\"", "{\"a\":1}", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"../x\"", "\"/dev/null\"", "\"\\n\"",
    ];

    /// <summary>A number, now and then a very long one.</summary>
    public static string Number(Random random) => random.Next(40) == 0 ? new string('9', 5000) : Numbers[random.Next(Numbers.Length)];

    /// <summary>A count for what is repeated or nested: mostly small.</summary>
    public static int Count(Random random) => random.Next(12) switch
    {
        0 => 100_000,
        1 => 5000,
        2 or 3 => 200,
        _ => 1 + random.Next(16),
    };
}
