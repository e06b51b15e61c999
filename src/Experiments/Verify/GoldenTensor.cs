using System.Text.Json.Serialization;

namespace Experiments.Verify;

/// <summary>What a tensor must be.</summary>
/// <param name="Grid">How it is rounded.</param>
/// <param name="Hash">Of its shape and rounded values.</param>
internal sealed record GoldenTensor([property: JsonPropertyName("place")] TensorKey Key, RoundingGrid Grid, string Hash);
