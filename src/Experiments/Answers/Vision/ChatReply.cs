namespace Experiments.Answers.Vision;

/// <summary>What a model said.</summary>
internal sealed record ChatReply
{
    /// <summary>Its answer; null where there is none.</summary>
    public string? Text { get; init; }

    /// <summary>
    /// The probability that its first word is yes, 0 to 1: over the alternatives of the server's list or, without a list, of the word that
    /// was said; null where that is not known.
    /// </summary>
    public double? YesMass { get; init; }

    /// <summary>The same for no.</summary>
    public double? NoMass { get; init; }

    /// <summary>Which token they were read at, from 0.</summary>
    public int Position { get; init; }

    /// <summary>Whether the server gave probabilities at all.</summary>
    public bool HasProbabilities { get; init; }

    /// <summary>Why there is no answer; null where there is one.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the token limit ended it.</summary>
    public bool IsCut { get; init; }

    /// <summary>How many tokens went in, as the server says; null where it does not.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>How many tokens came out.</summary>
    public int? CompletionTokens { get; init; }

    /// <summary>yes / (yes + no); null where one of the two is not known, or both are 0.</summary>
    public double? YesShare => YesMass + NoMass is > 0 and { } both ? YesMass / both : null;
}
