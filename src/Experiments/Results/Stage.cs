namespace Experiments.Results;

/// <summary>The stages of the line, in its order.</summary>
internal enum Stage
{
    Images,
    Answers,
    Measures,
    Figures,
    Report,
}
