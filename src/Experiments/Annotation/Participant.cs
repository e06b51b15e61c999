namespace Experiments.Annotation;

/// <summary>A person at a browser.</summary>
internal sealed class Participant
{
    // Longer waits are breaks and say nothing of how fast somebody is.
    private static readonly TimeSpan Break = TimeSpan.FromMinutes(1);

    private const int AnswersCounted = 40;

    private readonly Queue<double> _seconds = [];

    /// <summary>What they call themselves; null until they have said it.</summary>
    public string? Name { get; set; }

    /// <summary>The set that they are at, by its number; null where there is none for them.</summary>
    public int? Set { get; set; }

    /// <summary>The questions that they answered, by their places, the last one at the end: what can be undone.</summary>
    public List<int> History { get; } = [];

    /// <summary>When they were last heard of.</summary>
    public DateTimeOffset Seen { get; set; } = DateTimeOffset.UtcNow;

    private DateTimeOffset? LastAnswer { get; set; }

    /// <summary>How long they take for an answer; null before they gave two.</summary>
    public double? SecondsPerAnswer => _seconds.Count > 0 ? _seconds.Average() : null;

    /// <summary>Notes that they answer now.</summary>
    public void NoteAnswer()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (now - LastAnswer is { } waited && waited < Break)
        {
            _seconds.Enqueue(waited.TotalSeconds);
            if (_seconds.Count > AnswersCounted)
            {
                _seconds.Dequeue();
            }
        }

        LastAnswer = now;
    }
}
