using Experiments.Specs.Reading;
using Lens;

namespace Experiments.Specs;

/// <summary>Reads a spec and checks all that can be checked without a lexicon and a model.</summary>
public static class SpecReader
{
    /// <summary>Reads a spec.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">
    /// It is no spec: the first thing that is wrong, as <c>file:line:column: what is wrong; what would be right</c>.
    /// </exception>
    public static Spec Read(string path)
    {
        YamlFile file = YamlFile.Read(path);
        CheckVersion(file.Root);
        Fields fields = new(
            file.Root,
            "the spec",
            "version", "title", "layers", "seeds", "prompt seed", "sampler", "prompts", "questions", "figures", "strips");
        PromptSection prompts = new(fields.Required("prompts", "{object: {template: \"{a object}\", sample: 24, right: has object}}"));
        IReadOnlyList<QuestionSpec> questions = QuestionSection.Read(
            fields.Required("questions", "{has object: {ask: \"Is there {a object}?\", sees: {thing: object}, of: object}}"), prompts);
        IReadOnlyList<ConditionSpec> conditions = prompts.Conditions(questions);
        FigureSection figures = new(conditions, questions);
        return new Spec(
            Path.GetFileNameWithoutExtension(path),
            path,
            file.Sha256,
            fields.Required("title", "Objects and their colours").Text("a title such as Objects and their colours").Value,
            LayerChoiceReader.Read(fields.Required("layers", "every 1/6")),
            Seeds(fields.Required("seeds", "4")),
            (ulong)(fields.Optional("prompt seed")?.WholeNumber("a seed for the drawing of prompts", 0, int.MaxValue) ?? 0),
            SamplerSection.Read(fields.Optional("sampler")),
            conditions,
            questions,
            figures.Figures(fields.Optional("figures")),
            figures.Strips(fields.Optional("strips")));
    }

    // Before anything else: a file of another version may have other keys.
    private static void CheckVersion(Node root)
    {
        (_, Node? version) = root.Block("a spec, which begins with version: 1").FirstOrDefault(entry => entry.Name.Value == "version");
        if (version is null)
        {
            throw root.Place.Complaint("the spec lacks its version; begin with version: 1");
        }
        version.WholeNumber("1, the version of the language that this program reads", 1, 1);
    }

    private static List<int> Seeds(Node node)
    {
        const int Most = 1000;
        if (node is not ListNode list)
        {
            return [.. Enumerable.Range(0, node.WholeNumber("how many seeds (4 is 0 to 3), or a list such as [0, 7]", 1, Most))];
        }
        List<int> seeds = [];
        foreach (Node item in list.OneOrMore("a seed such as 0"))
        {
            int seed = item.WholeNumber("a seed", 0, int.MaxValue);
            seeds.Add(seeds.Contains(seed) ? throw item.Place.Complaint($"seed {seed} is listed twice; keep one") : seed);
        }
        return seeds;
    }
}
