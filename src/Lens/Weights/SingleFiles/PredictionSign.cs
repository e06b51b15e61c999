using System.Text.RegularExpressions;
using DiffusionLens.Configs;

namespace DiffusionLens.Weights.SingleFiles;

/// <summary>What tells whether a model predicts v or the noise; no shape and no published tensor does.</summary>
/// <param name="IsV">Whether it is v.</param>
/// <param name="Source">What told it.</param>
internal sealed partial record PredictionSign(bool IsV, string Source)
{
    private const string PredictionKey = "modelspec.prediction_type", ArchitectureKey = "modelspec.architecture";

    /// <summary>
    /// A marker in the file, its metadata (https://github.com/Stability-AI/ModelSpec), or CompVis' <c>.yaml</c> of its name beside it;
    /// null where none is there.
    /// </summary>
    /// <exception cref="BadInputException">The metadata name another prediction, or the <c>.yaml</c> cannot be read.</exception>
    public static PredictionSign? Of(CheckpointFile file)
    {
        if (file.Tensors.ContainsKey(IgnoredTensors.PredictsV))
        {
            return new PredictionSign(true, $"the marker {IgnoredTensors.PredictsV} in the file");
        }

        if (file.Metadata.TryGetValue(PredictionKey, out string? prediction))
        {
            return prediction.ToLowerInvariant().Replace('-', '_') switch
            {
                "v" or "v_prediction" => new PredictionSign(true, $"its metadata, {PredictionKey}"),
                "epsilon" or "eps" => new PredictionSign(false, $"its metadata, {PredictionKey}"),
                _ => throw new BadInputException(
                    $"{file.Path}: its metadata say that its {PredictionKey} is '{prediction}'; supported: epsilon, v"),
            };
        }

        return file.Metadata.GetValueOrDefault(ArchitectureKey) switch
        {
            "stable-diffusion-v2-768-v" => new PredictionSign(true, $"its metadata, {ArchitectureKey}"),
            "stable-diffusion-v2-512" => new PredictionSign(false, $"its metadata, {ArchitectureKey}"),
            _ => BesideIt(Path.ChangeExtension(file.Path, ".yaml")),
        };
    }

    private static PredictionSign? BesideIt(string path)
    {
        if (!File.Exists(path) || InputFile.ReadText(path) is var text && !LatentDiffusion().IsMatch(text))
        {
            return null;
        }

        // The noise is what CompVis' code takes where the key is left out.
        return new PredictionSign(
            Parameterization().Match(text) is { Success: true } match && match.Groups[1].Value == "v",
            $"{Path.GetFileName(path)} beside it");
    }

    [GeneratedRegex(@"^\s*target:\s*""?(ldm|sgm)\.", RegexOptions.Multiline)]
    private static partial Regex LatentDiffusion();

    [GeneratedRegex(@"^\s*parameterization:\s*[""']?(\w+)", RegexOptions.Multiline)]
    private static partial Regex Parameterization();
}
