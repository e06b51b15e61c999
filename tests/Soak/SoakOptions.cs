using System.Globalization;

namespace Soak;

/// <summary>How much of what is done.</summary>
internal sealed record SoakOptions
{
    public int Kills { get; init; }

    public int Signals { get; init; }

    public int Disks { get; init; }

    /// <summary>Damaged files.</summary>
    public int Damaged { get; init; }

    /// <summary>Trials with two at once.</summary>
    public int Pairs { get; init; }

    /// <summary>Trials with four at once.</summary>
    public int Fours { get; init; }

    public int Seed { get; init; } = 1;

    public IReadOnlyList<string> Models { get; init; } = ["mini-sd", "mini-if"];

    /// <summary>How many trials at once.</summary>
    public int Processes { get; init; } = 2;

    /// <summary>The form for CI: a minute or so.</summary>
    private static SoakOptions Short { get; } =
        new() { Kills = 5, Signals = 2, Disks = 2, Damaged = 20, Pairs = 1, Fours = 1, Models = ["mini-sd"] };

    public static SoakOptions Read(IReadOnlyList<string> arguments)
    {
        SoakOptions options = arguments.Contains("--short") ? Short : new SoakOptions();
        string[] rest = [.. arguments.Where(word => word != "--short")];
        foreach (string[] pair in rest.Chunk(2))
        {
            string value = pair.ElementAtOrDefault(1) ?? "";
            options = pair[0] switch
            {
                "--kills" => options with { Kills = Whole(value) },
                "--signals" => options with { Signals = Whole(value) },
                "--disks" => options with { Disks = Whole(value) },
                "--damaged" => options with { Damaged = Whole(value) },
                "--pairs" => options with { Pairs = Whole(value) },
                "--fours" => options with { Fours = Whole(value) },
                "--seed" => options with { Seed = Whole(value) },
                "--processes" => options with { Processes = Whole(value) },
                "--models" => options with { Models = value.Split(',') },
                _ => throw new ArgumentException($"{pair[0]} is no option; see Program.cs"),
            };
        }

        return options;
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
