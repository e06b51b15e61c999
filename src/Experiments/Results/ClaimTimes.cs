namespace Experiments.Results;

/// <summary>How it is told from afar whether the holder of a claim is still there.</summary>
/// <param name="Beat">How often a holder shows that it is there.</param>
/// <param name="Gone">After how long without a sign it is taken for gone.</param>
/// <param name="Unfinished">After how long a claim that was not written to its end is taken for a killed process's.</param>
/// <param name="Look">How often those who wait look.</param>
internal sealed record ClaimTimes(TimeSpan Beat, TimeSpan Gone, TimeSpan Unfinished, TimeSpan Look)
{
    public static readonly ClaimTimes Default = new(
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(200));
}
