using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Configs;
using DiffusionLens.Weights;

namespace DiffusionLens.Schedulers;

/// <summary>
/// A <c>scheduler_config.json</c>: exactly the keys that the file has. Every scheduler class reads those it knows and gives the others
/// its own default, so a sampler of one class is made from another class's file as diffusers' <c>from_config</c> does it: a file
/// without <c>timestep_spacing</c> means <c>leading</c> for DDIM and <c>linspace</c> for DPM-Solver++.
/// </summary>
public sealed class SchedulerConfig
{
    /// <summary>What model folders call it.</summary>
    internal const string Part = "scheduler";

    private const string ClassKey = "_class_name";
    private readonly JsonElement _root;
    private readonly string _source;
    private readonly string? _classInIndex;

    private SchedulerConfig(JsonElement root, string source, string? classInIndex = null)
        => (_root, _source, _classInIndex) = (root, source, classInIndex);

    /// <summary>
    /// diffusers' class of the sampler: what the model's <c>model_index.json</c> says decides, as in diffusers; else the class that the
    /// file was written for, or null where it does not say.
    /// </summary>
    public string? ClassName => _classInIndex ?? (Reader.Text(ClassKey, "") is { Length: > 0 } name ? name : null);

    internal ConfigReader Reader => new(_root, _source, Read);

    /// <summary>The keys that something was asked of so far.</summary>
    internal HashSet<string> Read { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes a file's content; values are read, and wrong ones refused, when a scheduler is made of it.</summary>
    /// <param name="json">Its root, an object.</param>
    /// <param name="source">Its path, for errors.</param>
    public static SchedulerConfig Parse(JsonElement json, string source) => new(json, source);

    /// <summary>That of a model's folder.</summary>
    /// <exception cref="BadInputException">The model has no such part, or its config is not there or no JSON object.</exception>
    internal static SchedulerConfig Of(ModelFolder folder, string part = Part)
        => new(folder.Config(part), folder.ConfigPath(part), folder.ComponentClass(part));

    /// <summary>Whether the file says anything of <paramref name="key"/>.</summary>
    public bool Has(string key) => Reader.Has(key);

    /// <summary>Whether it says that the model is a rectified flow, to a sampler that is made for noise predictors too.</summary>
    internal bool SaysFlow
        => Reader.Flag("use_flow_sigmas", false) || Reader.Text("prediction_type", "epsilon") == Prediction.FlowPrediction;

    /// <summary>Whether the schedule of a rectified flow is shifted by the size of the image.</summary>
    internal bool IsShiftedDynamically => Reader.Flag("use_dynamic_shifting", false);

    /// <summary>The same config with one value set, as if the file said so.</summary>
    public SchedulerConfig With(string key, JsonNode value) => With([new(key, value)], _source);

    /// <summary>The same config with the values of <paramref name="options"/>, which errors name beside the file.</summary>
    public SchedulerConfig With(SchedulerOptions options)
        => options.Keys.Count == 0 ? With([], _source) : With(options.Values, $"{_source} with {options}");

    private SchedulerConfig With(IEnumerable<KeyValuePair<string, JsonNode?>> values, string source)
    {
        JsonObject changed = JsonObject.Create(_root)!;
        foreach ((string key, JsonNode? value) in values)
        {
            changed[key] = value?.DeepClone();
        }

        return new SchedulerConfig(JsonSerializer.SerializeToElement(changed), source, _classInIndex);
    }
}
