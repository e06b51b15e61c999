using System.Text.Json.Serialization;
using DiffusionLens.Tokenizers;

namespace Experiments.Cli;

/// <summary>What <c>tokenize</c> writes of a prompt. The lists have an entry a position.</summary>
/// <param name="Ids">The tokens.</param>
/// <param name="Pieces">The vocabulary's string of each.</param>
/// <param name="Mask">1 for what was written, 0 for padding.</param>
/// <param name="Roles">
/// What each is there for, as a site's <c>tokens</c> names it: <c>start</c>, <c>prompt</c>, <c>end</c>, <c>padding</c>, <c>template</c>.
/// </param>
/// <param name="Words">The word of the prompt, as it is written, that each is a token of; null: of none.</param>
/// <param name="Cut">What is not read; null: all is.</param>
internal sealed record TokenLine(
    IReadOnlyList<int> Ids,
    IReadOnlyList<string> Pieces,
    IReadOnlyList<int> Mask,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string?> Words,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PromptCut? Cut)
{
    public static TokenLine Of(TokenizedPrompt prompt)
    {
        Dictionary<int, string> words = prompt.Words
            .SelectMany(word => word.Positions.Select(position => (position, word.Text))).ToDictionary();
        return new TokenLine(
            prompt.Ids,
            prompt.Pieces,
            prompt.Mask,
            [.. prompt.Roles.Select(role => role is TokenRole.Head or TokenRole.Tail ? "template" : role.ToString().ToLowerInvariant())],
            [.. prompt.Ids.Select((_, position) => words.GetValueOrDefault(position))],
            prompt.Cut);
    }
}
