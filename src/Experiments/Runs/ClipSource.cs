using DiffusionLens;
using DiffusionLens.ImageEncoders;
using DiffusionLens.Weights;
using Experiments.Answers.Clip;
using Experiments.Measures;
using Experiments.Models;
using Experiments.Specs;
using MiniWorld;

namespace Experiments.Runs;

/// <summary>Makes the CLIP that answers.</summary>
internal static class ClipSource
{
    /// <param name="clip">What the command line says, or else the spec.</param>
    /// <param name="ofModel">What the settings of the model say whose images it looks at; null: nothing.</param>
    /// <param name="lexicon">The words among which it chooses.</param>
    /// <param name="digests">What was hashed before.</param>
    /// <param name="device">Where it computes.</param>
    /// <exception cref="BadInputException">Nobody names one, or it is not in order.</exception>
    public static ClipAnnotator Make(ClipSpec clip, string? ofModel, Lexicon lexicon, DigestCache digests, string device)
    {
        string folder = clip.Folder ?? ofModel ?? throw new BadInputException(
            "--annotators clip: no CLIP is named; add --clip FOLDER, or clip: {folder: FOLDER} to the spec, "
                + "or \"clip\": \"FOLDER\" to the model's dlens.json");
        return new ClipAnnotator(
            ModelInfo.NameOf(folder),
            folder,
            ClipModel.Sha256(folder, digests),
            lexicon,
            clip.Thresholds is { } file
                ? CalibrationTable.Read(file).ThresholdsOf(ModelInfo.NameOf(folder))
                : new Dictionary<string, double>(),
            LoadedModel.DeviceOf(device));
    }
}
