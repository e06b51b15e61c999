using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// A prompt as the text encoder reads it. All three lists are equally long: the tokenizer's <c>ModelMaxLength</c>, or shorter where a
/// pipeline drops padding.
/// </summary>
/// <param name="Ids">Token ids, padded at the end.</param>
/// <param name="Pieces">The vocabulary's own string of each id (<c>red&lt;/w&gt;</c>), not text of the prompt.</param>
/// <param name="Mask">1 for what was written, start and end token included; 0 for padding.</param>
public sealed record TokenizedPrompt(IReadOnlyList<int> Ids, IReadOnlyList<string> Pieces, IReadOnlyList<int> Mask)
{
    /// <summary>
    /// Positions whose states a pipeline hands on, where it encodes more than that; null: which are, the family says.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Kept { get; init; }

    /// <summary>What of the prompt is not read; null: all of it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PromptCut? Cut { get; init; }

    /// <summary>What each position is there for.</summary>
    [JsonIgnore]
    public IReadOnlyList<TokenRole> Roles => [.. Places.Select(place => place.Role)];

    /// <summary>
    /// The words of the prompt as it was given, cut at white space. A token is that of the first word of which, or of the white space
    /// before which, it holds a character; white space behind the last word belongs to none.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<PromptWord> Words => PromptWords.Of(Text, Places);

    /// <summary>
    /// What the encoder reads, where that is more than these positions, such as an instruction before them; null: they alone.
    /// </summary>
    internal EncodedRow? Row { get; init; }

    /// <summary>The prompt as it was given.</summary>
    internal string Text { get; init; } = "";

    /// <summary>What each position is.</summary>
    internal IReadOnlyList<TokenPlace> Places { get; init; } = [];

    /// <summary>The positions of a set, from 0, in their order; of a set that this tokenizer has not (a template), none.</summary>
    /// <exception cref="BadInputException">
    /// The word is not one of the prompt's, or has no position because it is cut off; or there is no such position.
    /// </exception>
    public IReadOnlyList<int> PositionsOf(SiteTokens tokens)
    {
        if (tokens.Text is { } word)
        {
            return [.. PromptWords.Occurrences(this, word).SelectMany(occurrence => occurrence.Positions)];
        }

        if (tokens.Position is { } position)
        {
            return position < Ids.Count ? [position] : throw new BadInputException(
                $"there is no token {position} in the prompt \"{PromptWords.OneLine(Text)}\", which has positions 0 to {Ids.Count - 1}");
        }

        return tokens == SiteTokens.All ? [.. Enumerable.Range(0, Ids.Count)]
            : tokens == SiteTokens.Prompt ? PositionsOf(TokenRole.Prompt)
            : tokens == SiteTokens.Padding ? PositionsOf(TokenRole.Padding)
            : PositionsOf(TokenRole.Head, TokenRole.Tail);
    }

    /// <summary>The positions with one of some roles, in their order.</summary>
    internal IReadOnlyList<int> PositionsOf(params IReadOnlyCollection<TokenRole> roles)
        => [.. Enumerable.Range(0, Places.Count).Where(position => roles.Contains(Places[position].Role))];

    /// <summary>
    /// For each position the one in the empty prompt that is there for the same thing: template token k for template token k, the padding
    /// rows that follow the empty prompt's n for the words (n + i for token i), padding for padding. A permutation, unless the
    /// template is cut: then some are beyond the empty prompt's end, in padding that it would have if it were longer.
    /// </summary>
    /// <param name="empty">The empty prompt by the same tokenizer.</param>
    public IReadOnlyList<int> EmptyAligned(TokenizedPrompt empty) => AlignedWith(empty);

    /// <summary>
    /// For each position the one in another prompt with the same role. Words without a partner find the padding rows that follow the other
    /// prompt; padding finds padding, at the same position where it is padding there too.
    /// </summary>
    /// <param name="other">A prompt by the same tokenizer.</param>
    internal IReadOnlyList<int> AlignedWith(TokenizedPrompt other)
    {
        int written = other.Places.Count(place => place.Role != TokenRole.Padding);
        ILookup<TokenRole, int> partners = Enumerable.Range(0, other.Places.Count).ToLookup(position => other.Places[position].Role);
        Dictionary<TokenRole, int> seen = [];
        int[] aligned = new int[Places.Count];
        for (int position = 0; position < aligned.Length; position++)
        {
            TokenRole role = Places[position].Role;
            int number = seen.GetValueOrDefault(role), partnerCount = partners[role].Count();
            seen[role] = number + 1;
            aligned[position] = role == TokenRole.Padding ? Math.Max(position, written)
                : number < partnerCount ? partners[role].ElementAt(number)
                : written + number - partnerCount;
        }

        return aligned;
    }

    /// <summary>Where the states that a set shows are taken from, when they come from another prompt.</summary>
    /// <remarks>
    /// In a chat template sets go by role, else by position. The tokens of a word go to the same word's there, first to first; of several
    /// occurrences each to its partner, or to the last one that there is.
    /// </remarks>
    /// <param name="tokens">The set.</param>
    /// <param name="source">Another prompt by the same tokenizer.</param>
    /// <exception cref="BadInputException">
    /// As <see cref="PositionsOf(SiteTokens)"/>, of both prompts; or the word has fewer tokens in the source.
    /// </exception>
    internal IReadOnlyList<TokenPair> PairsWith(SiteTokens tokens, TokenizedPrompt source)
    {
        if (tokens.Text is { } word)
        {
            return PromptWords.Pairs(this, source, word);
        }

        bool hasTemplate = Places.Any(place => place.Role == TokenRole.Head);
        IReadOnlyList<int> from = hasTemplate ? AlignedWith(source) : [.. Enumerable.Range(0, Ids.Count)];
        return [.. PositionsOf(tokens).Select(position => new TokenPair(position, from[position]))];
    }

    /// <summary>The ids that are encoded, <c>[1, T]</c> int64.</summary>
    internal Tensor IdRow(Device device) => RowOf(Row?.Ids ?? Ids, device);

    /// <summary>Their mask, <c>[1, T]</c> int64.</summary>
    internal Tensor MaskRow(Device device) => RowOf(Row?.Mask ?? Mask, device);

    private static Tensor RowOf(IReadOnlyList<int> values, Device device)
        => tensor([.. values.Select(value => (long)value)], [1, values.Count], device: device);
}
