using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.TextEncoders;

namespace DiffusionLens.ImageEncoders;

/// <summary>The sizes of a CLIP of text and images (transformers: CLIPConfig).</summary>
internal sealed record ClipConfig
{
    public const string FileName = "config.json";

    public required ClipTextConfig Text { get; init; }

    public required ClipVisionConfig Vision { get; init; }

    /// <summary>Width of what texts and images are compared by.</summary>
    public required int ProjectionWidth { get; init; }

    /// <summary>Reads the <c>config.json</c> of a folder.</summary>
    /// <exception cref="BadInputException">It is missing, or no CLIP's of text and images.</exception>
    public static ClipConfig Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (File.Exists(Path.Combine(folder, "model_index.json")))
        {
            throw new BadInputException(
                $"{folder}: is a text-to-image model (model_index.json); a CLIP of text and images is a folder with a config.json of "
                    + "model_type clip, such as openai/clip-vit-large-patch14");
        }

        return Parse(ConfigFile.ReadObject(path), path);
    }

    /// <param name="json">The file's object.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">It is no CLIP's of text and images.</exception>
    public static ClipConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        if (config.Text("model_type", "clip") is var type && type != "clip")
        {
            throw config.Error($"model_type is {type}; a CLIP of text and images has clip");
        }

        // What was written by transformers' first versions holds for all, and a class that has one encoder alone has neither.
        JsonElement text = PartOf("text_config"), vision = PartOf("vision_config");
        int width = config.Count("projection_dim", 512);
        return new ClipConfig
        {
            Text = ClipTextConfig.Parse(text, source) with { ProjectionWidth = width },
            Vision = ClipVisionConfig.Parse(vision, source),
            ProjectionWidth = width,
        };

        JsonElement PartOf(string key)
        {
            JsonElement found = config.Has($"{key}_dict") ? json.GetProperty($"{key}_dict") : config.Has(key) ? json.GetProperty(key)
                : throw config.Error($"has no {key}; a CLIP of text and images has text_config and vision_config");
            return found.ValueKind == JsonValueKind.Object ? found : throw config.Error($"{key} is no object");
        }
    }
}
