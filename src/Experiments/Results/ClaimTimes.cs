namespace Experiments.Results;

/// <summary>How it is told from afar whether the holder of a claim is still there.</summary>
/// <param name="Beat">How often a holder shows that it is there.</param>
/// <param name="Gone">After how long without a sign it is taken for gone.</param>
/// <param name="Look">How often those who wait look.</param>
internal sealed record ClaimTimes(TimeSpan Beat, TimeSpan Gone, TimeSpan Look)
{
    public static readonly ClaimTimes Default = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2), TimeSpan.FromMilliseconds(200));
}
