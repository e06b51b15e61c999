using System.Globalization;
using Experiments.Clusters;

namespace Experiments.HuggingFace;

/// <summary>The command that makes results again whose manifest has none, since an earlier version of this program wrote it.</summary>
internal static class ExperimentCommand
{
    /// <summary>A command line, as a shell takes it.</summary>
    public static string Of(DatasetContent content)
    {
        List<string> words = ["dlens-repro", "run", content.Spec.Name, "--model", content.Model];
        if (content.Manifest is { } made)
        {
            Add("--layers", string.Join(',', made.Layers));
            Add("--seeds", made.Seeds.SequenceEqual(content.Spec.Seeds) ? null : string.Join(',', made.Seeds));
            Add("--limit", Limit(content));
            Add("--scheduler", made.Sampler.CommonScheduler);
            Add("--scheduler-config", made.Sampler.SchedulerConfig);
            Add("--steps", made.Sampler.Steps?.ToString(CultureInfo.InvariantCulture));
            Add("--guidance", made.Sampler.Guidance?.ToString(CultureInfo.InvariantCulture));
            Add("--height", made.Sampler.Height?.ToString(CultureInfo.InvariantCulture));
            Add("--width", made.Sampler.Width?.ToString(CultureInfo.InvariantCulture));
            Add("--max-sequence-length", made.MaxSequenceLength?.ToString(CultureInfo.InvariantCulture));
            Add("--variant", made.Variant);
            Add("--dtype", made.Dtype);
        }

        return ShellWords.Join(words);

        void Add(string option, string? value) => words.AddRange(value is null ? [] : [option, value]);
    }

    // Of conditions that have fewer prompts than they ask for, the most that one has.
    private static string? Limit(DatasetContent content)
    {
        Dictionary<string, int> prompts = content.Images.GroupBy(image => image.Any.Condition)
            .ToDictionary(condition => condition.Key, condition => condition.Select(image => image.Any.Prompt).Distinct().Count());
        bool isCut = content.Spec.Conditions.Any(condition =>
            condition.Sample is int sample && prompts.TryGetValue(condition.Name, out int count) && count < sample);
        return isCut ? prompts.Values.Max().ToString(CultureInfo.InvariantCulture) : null;
    }
}
