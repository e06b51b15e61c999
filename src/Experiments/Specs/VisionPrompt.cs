using DiffusionLens;

namespace Experiments.Specs;

/// <summary>How a vision-language model is asked, and how what it says is read: a file under <c>prompts/</c>.</summary>
internal sealed record VisionPrompt
{
    /// <summary>What stands for the question in words: <c>Is there a red car in the picture?</c></summary>
    public const string QuestionSlot = "{question}";

    /// <summary>What stands for the question as a statement: <c>There is a red car in the picture.</c></summary>
    public const string StatementSlot = "{statement}";

    /// <summary>What stands for the prompt that the image was made from.</summary>
    public const string PromptSlot = "{prompt}";

    private const string Asks = "Is there ";

    /// <summary>The file's name without its ending.</summary>
    public required string Name { get; init; }

    /// <summary>How what it says is read.</summary>
    public required VisionAnswerForm Form { get; init; }

    /// <summary>Whether what is no answer counts as a no, as in the paper; else the question stays open.</summary>
    public required bool IsJunkNo { get; init; }

    /// <summary>The most tokens of an answer.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>The system message, or null.</summary>
    public string? System { get; init; }

    /// <summary>The text after the image, with slots.</summary>
    public required string Ask { get; init; }

    /// <summary>Further fields of the request, each as JSON text.</summary>
    public IReadOnlyDictionary<string, string> Body { get; init; } = new Dictionary<string, string>();

    /// <summary>The text about one image.</summary>
    /// <param name="question">The question in words.</param>
    /// <param name="prompt">What the image was made from.</param>
    /// <exception cref="BadInputException">A statement is wanted, and the question does not ask whether there is something.</exception>
    public string TextOf(string question, string prompt)
    {
        string text = Ask.Contains(StatementSlot, StringComparison.Ordinal)
            ? Ask.Replace(StatementSlot, StatementOf(question), StringComparison.Ordinal)
            : Ask;
        return text.Replace(QuestionSlot, question, StringComparison.Ordinal).Replace(PromptSlot, prompt, StringComparison.Ordinal);
    }

    private string StatementOf(string question) =>
        question.StartsWith(Asks, StringComparison.Ordinal) && question.EndsWith('?')
            ? $"There is {question[Asks.Length..^1]}."
            : throw new BadInputException(
                $"the prompt {Name.Quoted()} has {StatementSlot}, which is made of questions like 'Is there a dog in the picture?'; "
                    + $"{question.Quoted()} is none: write {QuestionSlot} into the prompt");
}

/// <summary>How a model's answer is read.</summary>
internal enum VisionAnswerForm
{
    /// <summary>A number from 0 to 10; above 5 is a yes.</summary>
    Score,

    /// <summary>Yes or no; with the probabilities of the first word where the server gives them.</summary>
    YesNo,
}
