using System.Text.RegularExpressions;

namespace Experiments.Answers;

/// <summary>
/// Names of annotators in <c>answers.csv</c>. A machine's is <c>NAME@HASH</c>, with the first eight digits of the hash of what it computes
/// with; all others are people's.
/// </summary>
internal static partial class AnnotatorName
{
    /// <summary>A person who did not say who they are.</summary>
    public const string ByHand = "by hand";

    // As the paper's authors' published answers are called, and those that were pasted from a model of that kind: machines without a hash.
    private const string Gpt = "gpt";

    private const int HashDigits = 8;

    /// <summary>The name of a machine.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="sha256">Hash of what it computes with.</param>
    public static string OfMachine(string name, string sha256) => $"{name}@{sha256[..HashDigits]}";

    /// <summary>Whether a name is a machine's.</summary>
    public static bool IsMachine(string annotator) => MachinePattern().IsMatch(annotator);

    /// <summary>What an annotator is called, without the hash of a machine.</summary>
    public static string Plain(string annotator) => IsMachine(annotator) ? annotator[..annotator.LastIndexOf('@')] : annotator;

    /// <summary>
    /// Whose answers are taken together where a figure asks for the main annotator's: a machine's are its own; people share the work, and
    /// each question has the answer of one of them.
    /// </summary>
    public static string Party(string annotator) =>
        IsMachine(annotator) || annotator.StartsWith(Gpt, StringComparison.OrdinalIgnoreCase) ? annotator : "";

    [GeneratedRegex(@"@[0-9a-f]{8}\z", RegexOptions.CultureInvariant)]
    private static partial Regex MachinePattern();
}
