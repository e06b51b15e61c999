using DiffusionLens;

namespace Experiments.Specs;

/// <summary>
/// Where a condition looks, but for the layer, as its spec says it: what hangs on a prompt's words is open until there are prompts.
/// </summary>
/// <param name="Parts">All that is the same for every prompt, at layer 0.</param>
internal sealed record SiteSpec(LensSite Parts)
{
    // Words that stand in a key for what is open, until they are put right.
    private const string OpenWord = "openword", OpenSource = "opensource";

    /// <summary>The paper's lens.</summary>
    public static SiteSpec Native { get; } = new(new LensSite(Layer: 0));

    /// <summary>The word whose tokens are shown; null where <see cref="Parts"/> says which are.</summary>
    public WordTokens? Word { get; init; }

    /// <summary>The text whose states are shown in place of the prompt's, where it has slots.</summary>
    public Template? Source { get; init; }

    /// <summary>Blocks that are left out or repeated, as shares of the depth; those by number are in <see cref="Parts"/>.</summary>
    public IReadOnlyList<BlockShare> SkipShares { get; init; } = [];

    /// <summary>Whether it says what pooled vectors show; where it does not, a model's notes may.</summary>
    public bool SaysPooled { get; init; }

    /// <summary>Where it was written; null: the errors about it name no place.</summary>
    public SourceLocation? Location { get; init; }

    /// <summary>Where the tokens were written.</summary>
    public SourceLocation? TokensLocation { get; init; }

    /// <summary>The slots that a prompt must have.</summary>
    public IEnumerable<TemplatePart.Word> Slots => (Word?.Text.Parts ?? []).Concat(Source?.Parts ?? []).OfType<TemplatePart.Word>();

    /// <summary>A site as those of the prompts, with some word where theirs are open: what it can be checked by without prompts.</summary>
    public LensSite AnyPrompts => Keyed(layer: 0);

    /// <summary>
    /// A key for the condition at a layer: where nothing is open its site's, else the same with open words as they are written,
    /// <c>layer-08_tokens-word-{object}</c>.
    /// </summary>
    public string KeyAt(int layer) => WithShares(WithWords(Keyed(layer).Key));

    /// <summary>The same but for the layer.</summary>
    public string BesideLayer => WithShares(WithWords(SiteWords.BesideLayer(Keyed(0))));

    /// <summary>The same for a model, whose depth says which blocks lie at shares of it.</summary>
    /// <param name="depth">L, the deepest layer that is read.</param>
    /// <exception cref="BadInputException">Two of them are the same block.</exception>
    public SiteSpec OfDepth(int depth)
    {
        if (SkipShares.Count == 0)
        {
            return this;
        }

        SiteSkip[] blocks = [.. Parts.Skip, .. SkipShares.Select(share => share.At(depth))];
        return blocks.CountBy(block => block.Block).FirstOrDefault(same => same.Value > 1) is { Value: > 1, Key: int twice }
            ? throw (Location ?? new SourceLocation("site")).Error(
                $"block {twice} of {depth} is meant twice under skip and repeat; name it once, or other shares")
            : this with { Parts = Parts with { Skip = blocks }, SkipShares = [] };
    }

    private LensSite Keyed(int layer) => Parts with
    {
        Layer = layer,
        Tokens = Word is null ? Parts.Tokens : SiteTokens.Word(OpenWord),
        Source = Source is null ? Parts.Source : OpenSource,
    };

    private string WithWords(string key)
    {
        string worded = Word is null ? key : key.Replace(
            $"tokens-word-{OpenWord}", $"tokens-{(Word.IsEach ? "each-of" : "word")}-{Slug(Word.Text)}", StringComparison.Ordinal);
        return Source is null ? worded : worded.Replace($"source-{OpenSource}", $"source-{Slug(Source)}", StringComparison.Ordinal);
    }

    private string WithShares(string key) => SkipShares.Count == 0 ? key : string.Join(
        '_', new[] { key, $"skip-{string.Join('-', SkipShares.Select(share => share.Key))}" }.Where(part => part.Length > 0));

    private static string Slug(Template text) => text.Source.Replace(' ', '-');
}

/// <summary>The tokens of a word.</summary>
/// <param name="Text">The word, or the slot that has it.</param>
/// <param name="IsEach">Whether each is shown alone, one after another.</param>
internal sealed record WordTokens(Template Text, bool IsEach);
