namespace Fuzz;

/// <summary>What became of an input.</summary>
/// <param name="Verdict">How the reader ended.</param>
/// <param name="What">Of a finding: what is wrong, the same for all inputs that show it.</param>
/// <param name="Detail">Of a finding: the exception or the numbers.</param>
internal sealed record Outcome(Verdict Verdict, string What = "", string Detail = "");

/// <summary>How a reader ends.</summary>
internal enum Verdict
{
    /// <summary>It took the input.</summary>
    Taken,

    /// <summary>It said in a line why not.</summary>
    Refused,

    /// <summary>Anything else.</summary>
    Finding,
}
