namespace Experiments.Cli;

/// <summary>A command line worth knowing.</summary>
/// <param name="Line">What to type.</param>
/// <param name="Does">What happens then.</param>
internal sealed record Example(string Line, string Does);
