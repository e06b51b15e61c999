using System.Globalization;
using System.Security.Cryptography;
using DiffusionLens.Configs;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace Training.Runs;

/// <summary>
/// What the state of a training follows from: options as they are given, and hashes of the words, of the network's form and of the parts
/// that it is trained on. Steps and type are left out, since a run may go on with others.
/// </summary>
internal static class RunOrigin
{
    private const int HashDigits = 12;

    /// <param name="network">What is trained.</param>
    /// <param name="options">The run's settings.</param>
    /// <param name="frozen">Folders of the finished parts that it is trained on.</param>
    /// <returns>What a checkpoint calls each, and how a message says it.</returns>
    public static Dictionary<string, string> Of(nn.Module network, TrainingOptions options, IEnumerable<string> frozen)
    {
        Dictionary<string, string> origin = new()
        {
            ["seed"] = $"--seed {options.Seed}",
            ["batch"] = $"--batch {options.Batch}",
            ["rate"] = string.Create(CultureInfo.InvariantCulture, $"--rate {options.LearningRate}"),
            ["optimizer"] = options.WithMuon ? "--optimizer muon" : "--optimizer adamw",
            ["from-models"] = options.FromModels ? "--from-models" : "no --from-models",
            ["lexicon"] = $"--lexicon of hash {HashOfFile(options.Lexicon)[..HashDigits]}",
            ["generated"] = options.Generated is { } folder
                ? $"--generated of hash {HashOf(Directory.EnumerateFiles(folder).Where(IsGenerated))}"
                : "no --generated",
            ["network"] = $"a network of hash {HashOf(network)}",
        };
        foreach (string part in frozen)
        {
            string name = Path.GetRelativePath(options.Models, part).Replace('\\', '/');
            origin[name] = $"{name} of hash {HashOf(Directory.EnumerateFiles(part))}";
        }

        return origin;
    }

    private static string HashOf(nn.Module network) => ContentHash.Of(network.named_parameters()
        .Select(named => $"{named.name} {string.Join(',', named.parameter.shape)}"))[..HashDigits];

    private static bool IsGenerated(string file) => Path.GetExtension(file) is ".safetensors" or ".csv";

    // Systems leave hidden files of their own in folders.
    private static string HashOf(IEnumerable<string> files) => ContentHash.Of(files
        .Where(file => !Path.GetFileName(file).StartsWith('.'))
        .Order(StringComparer.Ordinal)
        .Select(file => $"{Path.GetFileName(file)} {HashOfFile(file)}"))[..HashDigits];

    private static string HashOfFile(string path)
    {
        using FileStream content = InputFile.OpenStream(path);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
