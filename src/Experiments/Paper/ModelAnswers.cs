using DiffusionLens.Families;
using Experiments.Measures;

namespace Experiments.Paper;

/// <summary>All answers about one model.</summary>
/// <param name="Encoder">The kind of its text encoder.</param>
/// <param name="Experiments">Its experiments by name; those that have not been run are missing.</param>
internal sealed record ModelAnswers(string Model, EncoderKind Encoder, IReadOnlyDictionary<string, AnsweredExperiment> Experiments);
