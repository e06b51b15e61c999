namespace Fuzz;

/// <summary>What became of a reader's inputs.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int> _findings = new(StringComparer.Ordinal);

    public int Taken { get; set; }

    public int Refused { get; set; }

    /// <summary>Seconds of processor time of all inputs.</summary>
    public double Seconds { get; set; }

    /// <summary>Seconds of processor time of the slowest input.</summary>
    public double Slowest { get; set; }

    /// <summary>Bytes of the input that took the most.</summary>
    public long MostMemory { get; set; }

    /// <summary>How many inputs there were.</summary>
    public int Count => Taken + Refused + _findings.Values.Sum();

    /// <summary>Kinds of findings, with how many inputs showed each.</summary>
    public IReadOnlyDictionary<string, int> Findings => _findings;

    /// <summary>Counts a finding.</summary>
    /// <returns>How many of its kind there are now.</returns>
    public int Add(string what) => _findings[what] = _findings.GetValueOrDefault(what) + 1;
}
