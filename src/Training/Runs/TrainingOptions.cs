using static TorchSharp.torch;

namespace Training.Runs;

/// <summary>What every training takes.</summary>
/// <param name="Art">The folder <c>node_modules</c> with the pictures.</param>
/// <param name="Lexicon">The lexicon's file.</param>
/// <param name="Checkpoints">Where the run keeps its state, log and sample sheets: a folder a part.</param>
/// <param name="Models">Where finished parts go: <c>mini-sd</c> and <c>mini-recognizer</c> are folders in it.</param>
/// <param name="Steps">How many steps the whole run has; the learning rate falls to 0 over them.</param>
/// <param name="Batch">Scenes a step.</param>
/// <param name="LearningRate">The highest.</param>
/// <param name="Seed">Of starting values and of every scene.</param>
/// <param name="DType">In which the network computes; the weights themselves are kept in float32.</param>
/// <param name="FromModels">Whether the weights in <paramref name="Models"/> are where the training starts, and not random ones.</param>
internal sealed record TrainingOptions(
    string Art, string Lexicon, string Checkpoints, string Models, long Steps, int Batch, double LearningRate, ulong Seed, ScalarType DType,
    bool FromModels);
