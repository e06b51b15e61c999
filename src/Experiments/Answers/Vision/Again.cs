namespace Experiments.Answers.Vision;

/// <summary>Whether a request that failed is to be sent again.</summary>
internal enum Again
{
    /// <summary>It would fail again.</summary>
    Never,

    /// <summary>The server, or something between, failed: a few times.</summary>
    AFewTimes,

    /// <summary>The server says when, or asks for patience: many times.</summary>
    WhenTold,

    /// <summary>The server is loading or its queue is full: as long as the user has patience.</summary>
    WhenReady,

    /// <summary>Nothing listens there: as long as the user has patience, who has to say so.</summary>
    WhenStarted,
}
