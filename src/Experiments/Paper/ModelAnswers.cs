using Experiments.Findings;
using Experiments.Measures;

namespace Experiments.Paper;

/// <summary>All answers about one model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Family">The kind of its text encoder.</param>
/// <param name="Experiments">Its experiments by name; those that have not been run are missing.</param>
internal sealed record ModelAnswers(string Model, TextEncoderFamily Family, IReadOnlyDictionary<string, AnsweredExperiment> Experiments);
