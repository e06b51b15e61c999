using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Weights.SingleFiles;

/// <summary>The diffusers folder of a kind's published model without its weights, from the library's own resources.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="PredictsV">Whether it predicts v where the kind's published model predicts the noise.</param>
/// <param name="HasZeroSnr">Whether its noise schedule ends in noise alone.</param>
internal sealed record KindFolder(CheckpointKind Kind, bool PredictsV = false, bool HasZeroSnr = false)
{
    public const string Index = "model_index.json", Scheduler = "scheduler/scheduler_config.json";

    // The published samplers of 1.x and 2.x base do not know such schedules.
    private const string ZeroSnrScheduler = "DDIMScheduler", PublishedScheduler = "PNDMScheduler";

    private static readonly Assembly Library = typeof(KindFolder).Assembly;
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private string[] Names => Kind == CheckpointKind.StableDiffusion2V
        ? [Kind.Short(), CheckpointKind.StableDiffusion2.Short()]
        : [Kind.Short()];

    /// <summary>A file of the folder; null where there is none.</summary>
    /// <param name="path">Its path in the folder, with <c>/</c>.</param>
    public byte[]? ReadOrNull(string path)
    {
        if (path.StartsWith("tokenizer", StringComparison.Ordinal))
        {
            switch (path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..])
            {
                case TokenizerFolder.Merges:
                    return EmbeddedClipVocabulary.Merges();
                case TokenizerFolder.Vocabulary:
                    return VocabularyFile();
            }
        }

        foreach (string name in Names)
        {
            using Stream? resource = Library.GetManifestResourceStream($"kinds/{name}/{path}");
            if (resource is not null)
            {
                using MemoryStream content = new();
                resource.CopyTo(content);
                return Adapted(path, content.ToArray());
            }
        }

        return null;
    }

    private byte[] Adapted(string path, byte[] content)
    {
        if (path is not (Index or Scheduler) || !(PredictsV || HasZeroSnr))
        {
            return content;
        }

        string text = Encoding.UTF8.GetString(content);
        JsonNode config = JsonNode.Parse(HasZeroSnr ? text.Replace(PublishedScheduler, ZeroSnrScheduler, StringComparison.Ordinal) : text)!;
        if (path == Scheduler && PredictsV)
        {
            config["prediction_type"] = "v_prediction";
        }

        if (path == Scheduler && HasZeroSnr)
        {
            config["rescale_betas_zero_snr"] = true;
            config["timestep_spacing"] = "trailing";
            config.AsObject().Remove("skip_prk_steps");
        }

        return Encoding.UTF8.GetBytes(config.ToJsonString(Indented) + "\n");
    }

    /// <summary>The pieces with their ids, as transformers writes them.</summary>
    private static byte[] VocabularyFile() => JsonSerializer.SerializeToUtf8Bytes(EmbeddedClipVocabulary.Vocabulary.IdOfPiece, AsWritten);
}
