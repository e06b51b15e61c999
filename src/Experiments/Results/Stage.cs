namespace Experiments.Results;

/// <summary>The stages of the line, in its order.</summary>
internal enum Stage
{
    Images,
    Answers,
    Measures,
    Figures,
    Report,
    Explorer,
}

internal static class StageName
{
    /// <summary>How the manifest and the command line call a stage.</summary>
    public static string Name(this Stage stage) => stage.ToString().ToLowerInvariant();
}
