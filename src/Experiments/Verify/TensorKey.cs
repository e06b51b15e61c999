namespace Experiments.Verify;

/// <summary>One tensor of a golden run.</summary>
/// <param name="Prompt">Which prompt, from 0.</param>
/// <param name="Layer">Which layer of the text encoder.</param>
/// <param name="What">In the order of the computation: hidden state, conditioning, prediction, image.</param>
internal sealed record TensorKey(int Prompt, int Layer, string What);
