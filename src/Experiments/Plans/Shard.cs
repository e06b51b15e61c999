using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Experiments.Plans;

/// <summary>
/// A part of a plan that can be made apart from the others, on another machine. All images of a prompt are in one shard, so that each
/// prompt is encoded once.
/// </summary>
/// <param name="Number">Which part, from 1.</param>
/// <param name="Count">How many parts there are.</param>
internal sealed record Shard(int Number, int Count)
{
    /// <summary>More parts than this are refused: each is a process, a file and a line.</summary>
    public const int Most = 9999;

    /// <summary>What its files are named after: <c>0003-of-0064</c>.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Number:0000}-of-{Count:0000}");

    /// <summary>Reads <c>3/64</c>; null where it is no shard.</summary>
    public static Shard? Parse(string text) =>
        text.Split('/') is [string number, string count] && WholeNumber(number) is { } part && WholeNumber(count) is { } all
            ? Of(part, all)
            : null;

    /// <summary>A shard; null where there is no such.</summary>
    public static Shard? Of(int number, int count) =>
        count is >= 1 and <= Most && number >= 1 && number <= count ? new(number, count) : null;

    /// <summary>All shards of a plan, in their order.</summary>
    /// <param name="count">How many there are to be.</param>
    public static IReadOnlyList<Shard> All(int count) => [.. Enumerable.Range(1, count).Select(number => new Shard(number, count))];

    /// <summary>Parts a plan.</summary>
    /// <param name="plan">The whole plan.</param>
    /// <param name="count">How many parts there are to be.</param>
    /// <returns>The parts, in the order of <see cref="All"/>; some have no prompt where there are more parts than prompts.</returns>
    public static IReadOnlyList<Plan> Parts(Plan plan, int count)
    {
        ILookup<int, PlannedPrompt> prompts = Dealt(plan, count);
        ILookup<int, PlannedQuestion> questions = plan.Questions.ToLookup(question => question.Prompt.Number);
        return
        [
            .. All(count).Select(shard => plan with
            {
                Prompts = [.. prompts[shard.Number]],
                Questions = [.. prompts[shard.Number].SelectMany(prompt => questions[prompt.Number])],
            }),
        ];
    }

    /// <summary>This part of a plan, with the prompts' numbers and folders as they are in the whole.</summary>
    /// <param name="plan">The whole plan.</param>
    public Plan PartOf(Plan plan)
    {
        PlannedPrompt[] prompts = [.. Dealt(plan, Count)[Number]];
        HashSet<int> numbers = [.. prompts.Select(prompt => prompt.Number)];
        return plan with
        {
            Prompts = prompts,
            Questions = [.. plan.Questions.Where(question => numbers.Contains(question.Prompt.Number))],
        };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    // Dealt out like cards, in the order of a hash that is the same on every machine: each shard has its share of every condition, and none
    // has more than one prompt more than another. The prompts of a shard stay in the plan's order.
    private static ILookup<int, PlannedPrompt> Dealt(Plan plan, int count)
    {
        Dictionary<int, int> shardOf = plan.Prompts
            .Select(prompt => (prompt.Number, Hash: HashOf(prompt)))
            .OrderBy(prompt => prompt.Hash, StringComparer.Ordinal)
            .ThenBy(prompt => prompt.Number)
            .Select((prompt, place) => (prompt.Number, Shard: (place % count) + 1))
            .ToDictionary(prompt => prompt.Number, prompt => prompt.Shard);
        return plan.Prompts.ToLookup(prompt => shardOf[prompt.Number]);
    }

    private static string HashOf(PlannedPrompt prompt) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new[] { prompt.Condition, prompt.Text })));

    private static int? WholeNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
