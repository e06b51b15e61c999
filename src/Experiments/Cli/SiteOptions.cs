using System.CommandLine;
using DiffusionLens;
using Experiments.Models;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Cli;

/// <summary>The options that say where the lens looks, but for the layers.</summary>
internal sealed class SiteOptions
{
    private readonly Option<string?> _encoder = WordOption.Of(
        "--encoder", "The text encoder to look into; every one that is read as a sequence if not given.", SiteWords.Encoders);

    private readonly Option<string?> _others = WordOption.Of(
        "--other-encoders", "What the others show: what the model reads of them, or that of the empty prompt.", SiteWords.Others);

    private readonly Option<string?> _pooled = WordOption.Of(
        "--pooled",
        "What pooled vectors show: what the model reads, that of the empty prompt, or the layer's; empty-below is empty but at the last "
            + "layer, as in the authors' FLUX notebook.",
        SiteWords.Pooled);

    private readonly Option<string?> _tokens = new("--tokens")
    {
        Description = "The positions that show the layer: all, those of the words, of padding, of a chat template, of one word wherever it "
            + "stands, or one position.",
        HelpName = "all|prompt|padding|template|word:X|token:n",
    };

    private readonly Option<string?> _rest = WordOption.Of(
        "--rest",
        "What the others show: the empty prompt at the same site, or as the model reads it (final), by role in a chat template (aligned); "
            + "zeros; what the model reads of the prompt; or no rows at all.",
        SiteWords.Rests);

    private readonly Option<string?> _source = new("--source")
    {
        Description = "Another text, whose states are shown in place of the prompt's.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _point = WordOption.Of(
        "--point",
        "What of a block: its output, the states between its attention and its MLP, or what attention or MLP add, alone.",
        SiteWords.Points);

    private readonly Option<string?> _norm = WordOption.Of(
        "--norm",
        "The encoder's final norm where the model has one; none; or matched: none, but each position scaled to the length of what the "
            + "model reads there.",
        SiteWords.Norms);

    private readonly Option<string?> _mixture = WordOption.Of(
        "--mixture", "Each layer alone, or the mean of what the layers up to it show.", SiteWords.Mixtures);

    private readonly Option<string?> _skip = new("--skip") { Description = "Blocks that the encoder leaves out.", HelpName = "3,4" };

    private readonly Option<string?> _repeat = new("--repeat") { Description = "Blocks that it runs twice.", HelpName = "2" };

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new[] { _encoder, _others, _pooled, _tokens, _rest, _source, _point, _norm, _mixture, _skip, _repeat })
        {
            command.Add(option);
        }
    }

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="BadInputException">A value is none of the option's.</exception>
    public SiteRequest Site(ParseResult parsed) => new()
    {
        Encoder = WordOption.Value(parsed, _encoder, SiteWords.Encoders),
        Others = WordOption.Value(parsed, _others, SiteWords.Others),
        Pooled = WordOption.Value(parsed, _pooled, SiteWords.Pooled),
        Tokens = parsed.GetValue(_tokens) is { } tokens ? SiteTokensReader.Read(tokens, _tokens.Name) : null,
        Rest = WordOption.Value(parsed, _rest, SiteWords.Rests),
        Source = parsed.GetValue(_source),
        Point = WordOption.Value(parsed, _point, SiteWords.Points),
        Norm = WordOption.Value(parsed, _norm, SiteWords.Norms),
        Mixture = WordOption.Value(parsed, _mixture, SiteWords.Mixtures),
        Skip = Skips(parsed),
    };

    private SiteSkip[]? Skips(ParseResult parsed)
    {
        IReadOnlyList<int>? left = ListOption.Blocks(_skip.Name, parsed.GetValue(_skip));
        IReadOnlyList<int>? repeated = ListOption.Blocks(_repeat.Name, parsed.GetValue(_repeat));
        if (left?.Intersect(repeated ?? []).ToArray() is [var both, ..])
        {
            throw new BadInputException($"block {both} stands under --skip and --repeat; a block is left out or repeated");
        }

        return left is null && repeated is null ? null
            : [.. (left ?? []).Select(block => new SiteSkip(block)), .. (repeated ?? []).Select(block => new SiteSkip(block, Times: 2))];
    }
}
