using System.Text.RegularExpressions;

namespace Experiments.Import;

/// <summary>A file of answers of the authors' release: what its name says.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Path">The file.</param>
/// <param name="Annotator"><see cref="Human"/> or <see cref="Gpt"/>.</param>
/// <param name="Experiment">The authors' name of the experiment, for example <c>positional_in</c>.</param>
/// <param name="Question">The authors' name of the question, for example <c>RelationCorrect</c>.</param>
/// <param name="Model"><c>df</c> or <c>sd</c>.</param>
internal sealed partial record ReleaseFile(string Name, string Path, string Annotator, string Experiment, string Question, string Model)
{
    public const string Human = "human";
    public const string Gpt = "gpt-4v";

    /// <summary>Takes a name apart. <c>EXPERIMENT_Question_MODEL_EXPERIMENT_TIME.csv</c> is by people (the objects' end with the model),
    /// <c>auto_prompts_EXPERIMENT_Question_MODEL.csv</c> by GPT-4V.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What it is, or null where the name says nothing.</returns>
    public static ReleaseFile? Of(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        Match match = NamePattern().Match(name);
        return match.Success
            ? new ReleaseFile(
                name,
                path,
                match.Groups["auto"].Success ? Gpt : Human,
                match.Groups["experiment"].Value,
                match.Groups["question"].Value,
                match.Groups["model"].Value)
            : null;
    }

    // The question is the one part in CamelCase; with that, syntax_head and syntax_head_first cannot be mixed up.
    [GeneratedRegex(
        @"^(?<auto>auto_prompts_)?(?<experiment>[a-z_]+)_(?<question>[A-Z][A-Za-z]+)_(?<model>df|sd)(_\k<experiment>_[\d.]+)?\.csv\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex NamePattern();
}
