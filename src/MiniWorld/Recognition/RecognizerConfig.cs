using System.Text.Json;
using DiffusionLens;
using DiffusionLens.Configs;

namespace MiniWorld.Recognition;

/// <summary>What a recognizer tells apart, as its <c>config.json</c> gives it.</summary>
/// <param name="Things">Every thing, animal and person, in the order of the network's outputs.</param>
/// <param name="Colors">Every color, in the order of the network's outputs.</param>
/// <param name="Width">Channels of the feature map.</param>
public sealed record RecognizerConfig(IReadOnlyList<string> Things, IReadOnlyList<string> Colors, int Width)
{
    /// <summary>The network's widths are quarters of it and up, in eight groups.</summary>
    private const int WidthMultiple = 16;

    private const double UsualThreshold = 0.5;

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>A score above this is a yes; 0..1, a half where the config does not say.</summary>
    public double Threshold { get; init; } = UsualThreshold;

    /// <summary>Relations of a thing to what holds it, in the order of the network's outputs after "none".</summary>
    public static IReadOnlyList<string> Relations { get; } = ["in", "on"];

    /// <summary>Reads a recognizer's <c>config.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file is missing or is no such config, or has a word twice.</exception>
    public static RecognizerConfig Read(string path)
    {
        ConfigReader config = new(ConfigFile.ReadObject(path), path);
        return new RecognizerConfig(
            EachOnce("things"),
            EachOnce("colors"),
            config.Has("width") ? config.Int("width", 0, WidthMultiple, Most.HeadWidth) is var width && width % WidthMultiple == 0
                ? width
                : throw config.Error($"width is {width}; it must be a multiple of {WidthMultiple}")
            : throw config.Error("no recognizer's config; it must have things, colors and width"))
        {
            Threshold = config.Number("threshold", UsualThreshold, NumberRange.Share),
        };

        string[] EachOnce(string key)
        {
            string[] words = config.Texts(key, []);
            return words.Length == 0 ? throw config.Error("no recognizer's config; it must have things, colors and width")
                : words.GroupBy(word => word).FirstOrDefault(same => same.Count() > 1 || same.Key.Length == 0) is { } wrong
                ? throw config.Error(wrong.Key.Length == 0 ? $"{key} has an empty word" : $"{key} has '{wrong.Key}' twice; keep one")
                : words;
        }
    }

    /// <summary>The first word of a question that such a recognizer has never met; null: it can answer.</summary>
    public string? UnknownWord(Question question) => question switch
    {
        Question.ThingPresent(var thing) => Unknown(Things, thing),
        Question.ColorPresent(var color) => Unknown(Colors, color),
        Question.ThingInColor(var thing, var color) => Unknown(Things, thing) ?? Unknown(Colors, color),
        Question.Related(var first, var relation, var second) =>
            Unknown(Things, first) ?? Unknown(Relations, relation) ?? Unknown(Things, second),
        Question.Together(var one, var other) => Unknown(Things, one) ?? Unknown(Things, other),
        _ => null,
    };

    /// <summary>The config as JSON.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, SnakeCase);

    private static string? Unknown(IReadOnlyList<string> known, string word) => known.Contains(word) ? null : word;
}
