namespace Experiments.Plans;

/// <summary>A prompt as its source gives it.</summary>
/// <param name="Text">What the model is given.</param>
/// <param name="Words">The word in each slot, by the slot's name.</param>
internal sealed record SampledPrompt(string Text, IReadOnlyDictionary<string, string> Words);
