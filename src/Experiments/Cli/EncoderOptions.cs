using System.CommandLine;
using Experiments.Models;
using Experiments.Specs;

namespace Experiments.Cli;

/// <summary>The options about models with several text encoders.</summary>
internal sealed class EncoderOptions
{
    private readonly Option<string?> _encoder = OneOf(
        "--encoder", "The text encoder to look into; every one that is read as a sequence if not given.", SiteWords.Encoders);

    private readonly Option<string?> _others = OneOf(
        "--other-encoders", "What the others show: what the model reads of them, or that of the empty prompt.", SiteWords.Others);

    private readonly Option<string?> _pooled = OneOf(
        "--pooled",
        "What pooled vectors show: what the model reads, that of the empty prompt, or the layer's; empty-below is empty but at the last "
            + "layer, as in the authors' FLUX notebook.",
        SiteWords.Pooled);

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_encoder);
        command.Add(_others);
        command.Add(_pooled);
    }

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    public SiteRequest Site(ParseResult parsed) =>
        new(Of(parsed, _encoder, SiteWords.Encoders), Of(parsed, _others, SiteWords.Others), Of(parsed, _pooled, SiteWords.Pooled));

    private static T? Of<T>(ParseResult parsed, Option<string?> option, IReadOnlyDictionary<string, T> words)
        where T : struct
        => parsed.GetValue(option) is { } word ? words[word] : null;

    private static Option<string?> OneOf<T>(string name, string description, IReadOnlyDictionary<string, T> words)
    {
        Option<string?> option = new(name) { Description = description, HelpName = string.Join('|', words.Keys) };
        option.AcceptOnlyFromAmong([.. words.Keys]);
        return option;
    }
}
