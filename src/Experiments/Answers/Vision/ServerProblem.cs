namespace Experiments.Answers.Vision;

/// <summary>What a server gave in place of an answer.</summary>
/// <param name="Message">What is wrong, in one line, in the server's words where it has some.</param>
/// <param name="Again">Whether the same request may yet be answered.</param>
internal sealed record ServerProblem(string Message, Again Again)
{
    /// <summary>How long to wait first, where the server says so.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>Whether other requests would fare the same: a wrong key, an unknown model.</summary>
    public bool IsOfAll { get; init; }

    /// <summary>Whether it may be this request alone that is refused: a content filter, a text that is too long.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>Whether it is the name of the field with the token limit that the server refuses.</summary>
    public bool RefusesMaxTokens { get; init; }
}
