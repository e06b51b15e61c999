using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Experiments.Answers;

/// <summary>One annotator's answer to one question about one image: a line of <c>answers.csv</c>.</summary>
internal sealed partial record Answer
{
    /// <summary>The prompt's number within the plan, from 0.</summary>
    public required int PromptNumber { get; init; }

    /// <summary>The prompt's condition.</summary>
    public required string Condition { get; init; }

    /// <summary>The prompt as the model was given it.</summary>
    public required string Prompt { get; init; }

    /// <summary>The seed of the image's noise.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The layer the image was made through, 0 to L.</summary>
    public required int Layer { get; init; }

    /// <summary>The key of the site the image was made through; empty where an earlier version of this program wrote the line.</summary>
    public string Site { get; init; } = "";

    /// <summary>The question's name in the spec.</summary>
    public required string Question { get; init; }

    /// <summary>How sure the annotator is, on a scale of its own (a recognizer's goes from 0 to 1); null where it has none.</summary>
    public double? Score { get; init; }

    /// <summary>The answer; null where the question is still open.</summary>
    public bool? Yes { get; init; }

    /// <summary>Who answered: a person's name, or a machine's (<see cref="AnnotatorName"/>).</summary>
    public string Annotator { get; init; } = "";

    /// <summary>The question in words.</summary>
    public string Asked { get; init; } = "";

    /// <summary>The image's file below the results folder, with forward slashes.</summary>
    public string Image { get; init; } = "";

    /// <summary>
    /// The hash of the image's pixels (<see cref="Images.PixelHash"/>) as they were when the question was asked; empty where that is not
    /// known. An answer about other pixels does not count.
    /// </summary>
    public string ImageHash { get; init; } = "";

    /// <summary>
    /// The end of the prompt that the model's text encoders do not read; empty where they read all of it, or an earlier version of this
    /// program wrote the line.
    /// </summary>
    public string CutOff { get; init; } = "";

    /// <summary>The one position of the prompt that the image shows, as its site's key says; null where it shows no single one.</summary>
    [JsonIgnore]
    public int? Token => Site.Contains("tokens-token-", StringComparison.Ordinal) && TokenOfKey().Match(Site) is { Success: true } match
        ? int.Parse(match.Groups["token"].ValueSpan, CultureInfo.InvariantCulture)
        : null;

    /// <summary>
    /// When the answer was given, in UTC and whole seconds; null where that is not known, and for machines that always answer alike: so
    /// that another run gives the same bytes.
    /// </summary>
    public DateTimeOffset? Answered { get; init; }

    /// <summary>What was asked, whoever answered.</summary>
    [JsonIgnore]
    public AnswerKey Key => new(Condition, Prompt, Seed, Layer, Question, Token);

    /// <summary>Whether it is an answer to these words, as far as it says to which.</summary>
    public bool WasAsked(string words) => Asked.Length == 0 || Asked == words;

    /// <summary>The question about the image, as it is named in messages.</summary>
    public override string ToString()
        => $"'{Question}' of \"{Prompt}\" ({Condition}), seed {Seed}, layer {Layer}{(Token is { } token ? $", token {token}" : "")}";

    [GeneratedRegex(@"(?:\A|_)tokens-token-(?<token>[0-9]{1,9})(?:_|\z)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex TokenOfKey();
}

/// <summary>A question about an image of an experiment on a model.</summary>
/// <param name="Condition">The prompt's condition, which says where but for the layer the lens looks.</param>
/// <param name="Question">The question's name.</param>
/// <param name="Token">The one position that the image shows, where a condition takes one after another; else null, or its only
/// one.</param>
internal readonly record struct AnswerKey(
    string Condition, string Prompt, ulong Seed, int Layer, string Question, int? Token = null);
