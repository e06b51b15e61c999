using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionLens.Families;
using DiffusionLens.Weights;
using Experiments.Models;

namespace Experiments.Inspections;

/// <summary>An inspection as one JSON object, for programs.</summary>
internal static class InspectionJson
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(ModelReference reference, ModelInspection inspection, TextWriter output)
    {
        ModelSettings settings = ModelSettings.Read(reference.Paths[0]);
        output.Write(JsonSerializer.Serialize(Content(reference, inspection, settings), Json) + "\n");
    }

    private static object Content(ModelReference reference, ModelInspection inspection, ModelSettings settings) => new
    {
        reference.Name,
        inspection.Family,
        Stages = inspection.Stages.Select(stage => new { stage.PipelineClass, Folder = stage.Path, Hub = Hub(stage) }),
        Layers = inspection.Description?.LayerCount,
        Guidance = settings.Guidance ?? inspection.Description?.DefaultGuidance,
        inspection.Description?.OwnSampler,
        inspection.Description?.SequenceLength,
        inspection.Description?.MasksPadding,
        settings.Lexicon,
        Recognizer = settings.Recognizer ?? settings.RecognizerOfFirstVersion,
        Encoders = inspection.Description?.Encoders.Select(encoder => new
        {
            encoder.Name,
            Kind = encoder.Kind.ToString(),
            Layers = encoder.LayerCount,
            FinalNorm = encoder.HasFinalNorm,
            Mask = InspectionWords.Of(encoder.Mask),
        }),
        Reads = Reads(inspection.Description?.Reads, inspection),
        PooledReads = Reads(inspection.Description?.PooledReads, inspection),
        Parts = inspection.Parts.Select(part => Part(part, inspection)),
        Ignored = inspection.Ignored,
        Assumed = inspection.Assumptions,
        inspection.Errors,
    };

    private static object? Hub(ModelFolder stage) => stage.Snapshot is { } hub ? new { hub.Name, hub.Commit } : null;

    private static IEnumerable<object>? Reads(IReadOnlyList<EncoderRead>? reads, ModelInspection inspection) => reads?.Select(read => new
    {
        Encoder = inspection.Description!.Encoders[read.Encoder].Name,
        read.Layer,
        read.Normed,
        Positions = InspectionWords.Of(read.Positions),
    });

    private static object Part(PartInspection part, ModelInspection inspection) => new
    {
        part.Name,
        Stage = 1 + inspection.Stages.ToList().IndexOf(part.Folder),
        part.Class,
        part.Files,
        Parameters = part.Weights.Count > 0 ? part.Weights.Sum(share => share.Parameters) : (long?)null,
        Bytes = part.Weights.Count > 0 ? part.Weights.Sum(share => share.ByteCount) : (long?)null,
        Dtypes = part.Weights.Count > 0
            ? part.Weights.ToDictionary(share => InspectionWords.Of(share.DType), share => share.Parameters)
            : null,
        part.Tokenizer,
        Config = part.Settings.Count > 0 ? part.Settings.ToDictionary(setting => setting.Key, setting => setting.Value) : null,
        part.Ignored,
        part.Error,
    };
}
