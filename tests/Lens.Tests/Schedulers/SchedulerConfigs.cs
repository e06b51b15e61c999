using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Schedulers;

namespace DiffusionLens.Tests.Schedulers;

internal static class SchedulerConfigs
{
    /// <summary>A config from <c>key=value key=value</c>; values that are no JSON are words.</summary>
    public static SchedulerConfig Of(string settings)
    {
        SchedulerConfig config = SchedulerConfig.Parse(JsonSerializer.Deserialize<JsonElement>("{}"), "scheduler_config.json");
        foreach (string setting in settings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = setting.Split('=', 2);
            bool isWord = (char.IsLetter(pair[1][0]) || pair[1][0] == '_') && pair[1] is not ("true" or "false");
            config = config.With(pair[0], isWord ? JsonValue.Create(pair[1]) : JsonNode.Parse(pair[1])!);
        }

        return config;
    }
}
