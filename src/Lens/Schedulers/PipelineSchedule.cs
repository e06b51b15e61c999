namespace DiffusionLens.Schedulers;

/// <summary>What a pipeline, not the model's scheduler config, says of a rectified flow's schedule.</summary>
internal sealed record PipelineSchedule
{
    /// <summary>How far the schedule is shifted towards noise, for <c>use_dynamic_shifting</c>; null: the pipeline says nothing.</summary>
    public double? Mu { get; init; }

    /// <summary>The noise levels before the shift, 1 and falling, one for each step; null: the scheduler's own.</summary>
    public IReadOnlyList<double>? Sigmas { get; init; }

    /// <summary>The keys of the scheduler's config that the pipeline read for this.</summary>
    public IReadOnlyCollection<string> ReadKeys { get; init; } = [];
}
