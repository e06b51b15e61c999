using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Configs;

namespace DiffusionLens.Schedulers;

/// <summary>
/// A <c>scheduler_config.json</c>: exactly the keys that the file has. Every scheduler class reads those it knows and gives the others
/// its own default, so a sampler of one class is made from another class's file as diffusers' <c>from_config</c> does it: a file
/// without <c>timestep_spacing</c> means <c>leading</c> for DDIM and <c>linspace</c> for DPM-Solver++.
/// </summary>
public sealed class SchedulerConfig
{
    private readonly JsonElement _root;
    private readonly string _source;

    private SchedulerConfig(JsonElement root, string source) => (_root, _source) = (root, source);

    internal ConfigReader Reader => new(_root, _source);

    /// <summary>Takes a file's content; values are read, and wrong ones refused, when a scheduler is made of it.</summary>
    /// <param name="json">Its root, an object.</param>
    /// <param name="source">Its path, for errors.</param>
    public static SchedulerConfig Parse(JsonElement json, string source) => new(json, source);

    /// <summary>Whether the file says anything of <paramref name="key"/>.</summary>
    public bool Has(string key) => Reader.Has(key);

    /// <summary>Whether the schedule of a rectified flow is shifted by the size of the image.</summary>
    internal bool IsShiftedDynamically => Reader.Flag("use_dynamic_shifting", false);

    /// <summary>The same config with one value set, as if the file said so.</summary>
    public SchedulerConfig With(string key, JsonNode value)
    {
        JsonObject changed = JsonObject.Create(_root)!;
        changed[key] = value;
        return new SchedulerConfig(JsonSerializer.SerializeToElement(changed), _source);
    }
}
