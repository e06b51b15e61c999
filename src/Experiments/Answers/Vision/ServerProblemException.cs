namespace Experiments.Answers.Vision;

/// <summary>A request was not answered, and is not sent again.</summary>
/// <param name="problem">Why.</param>
internal sealed class ServerProblemException(ServerProblem problem) : Exception(problem.Message)
{
    /// <summary>Why.</summary>
    public ServerProblem Problem => problem;
}
