using Experiments.Measures;

namespace Experiments.Import;

/// <summary>What the authors' experiments and questions are called in the specs.</summary>
internal static class ReleaseNames
{
    private const string FirstObject = "has object", SecondObject = "has object'";

    private static readonly Dictionary<string, string> Relations = new()
    {
        ["FirstThingExists"] = FirstObject,
        ["SecondThingExists"] = SecondObject,
        ["RelationCorrect"] = "relation",
    };

    private static readonly Dictionary<string, string> Animals = new()
    {
        ["IsAnimal"] = "animal",
        ["IsClass"] = "class",
        ["IsCorrectAnimal"] = "exact animal",
    };

    private static readonly Dictionary<string, string> Syntax = new()
    {
        ["IsFirstClass"] = "has first noun",
        ["IsSecondClass"] = "has second noun",
        ["IsCorrect"] = "matches",
    };

    private static readonly Dictionary<string, ReleaseExperiment> Experiments = new()
    {
        ["classes"] = new("colors", "object", new() { ["IsCorrect"] = FirstObject }),
        ["positional_single_color"] = new("colors", "color", new() { ["IsCorrect"] = "object in color" }),
        ["positional_two_colors"] = new("colors", "two colors", new()
        {
            ["IsCorrect"] = AnsweredRow.AsAWhole,
            ["IsFirstObjectPresent"] = FirstObject,
            ["IsSecondObjectPresent"] = SecondObject,
            ["IsFirstColorPresent"] = "has color",
            ["IsSecondColorPresent"] = "has color'",
            ["IsFirstColorCorrect"] = "object in color",
            ["IsSecondColorCorrect"] = "object' in color'",
        }),
        ["positional_in"] = new("relations", "in", Relations),
        ["positional_on"] = new("relations", "on", Relations),
        ["positional_common_animals"] = new("animals", "familiar", Animals),
        ["positional_uncommon_animals"] = new("animals", "unfamiliar", Animals),
        ["famous"] = new("celebrities", "person", new()
        {
            ["IsHuman"] = "person",
            ["IsSameGender"] = "gender",
            ["IsSameStyle"] = "style",
            ["IsCorrect"] = "identity",
        }),
        ["syntax_head_first"] = new("syntax", "antecedent first", Syntax),
        ["syntax_head"] = new("syntax", "antecedent second", Syntax),
    };

    /// <summary>The specs' names of an authors' experiment; null for one that is in none of the paper's figures and tables.</summary>
    /// <param name="experiment">The authors' name.</param>
    public static ReleaseExperiment? Find(string experiment) => Experiments.GetValueOrDefault(experiment);
}

/// <param name="Spec">The experiment's name here.</param>
/// <param name="Questions">The specs' names of the questions, by the authors'.</param>
internal sealed record ReleaseExperiment(string Spec, string Condition, Dictionary<string, string> Questions);
