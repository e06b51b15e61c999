namespace Experiments.Verify;

/// <summary>What a tensor must be.</summary>
/// <param name="Place">Which tensor.</param>
/// <param name="Grid">How it is rounded.</param>
/// <param name="Hash">Of its shape and rounded values.</param>
public sealed record GoldenTensor(TensorKey Place, RoundingGrid Grid, string Hash);
