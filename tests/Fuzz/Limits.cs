namespace Fuzz;

/// <summary>What an input may cost: a line, a second and 100 MB, with room for a machine that does other work too.</summary>
internal static class Limits
{
    /// <summary>Processor time for one input.</summary>
    public static readonly TimeSpan Processor = TimeSpan.FromSeconds(5);

    /// <summary>Time by the clock, after which a reader is taken to hang and its process is ended.</summary>
    public static readonly TimeSpan Clock = TimeSpan.FromSeconds(90);

    /// <summary>Memory beyond what the process had before the input, in bytes.</summary>
    public const long Memory = 200_000_000;

    /// <summary>What a reader's process may have in all; beyond it the machine would be in danger.</summary>
    public const long Heap = 3_000_000_000;

    /// <summary>The longest line that says what is wrong, in characters.</summary>
    public const int Message = 2000;
}
