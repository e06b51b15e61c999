using System.Text.RegularExpressions;
using DiffusionLens;
using DiffusionLens.Families;

namespace Experiments.Specs.Reading;

/// <summary>Reads a spec and checks all that can be checked without a lexicon and a model.</summary>
internal static partial class SpecReader
{
    private const int MostSeeds = 1000;

    private const string ArxivWanted = "a paper's number on arXiv such as 2504.01137";

    /// <summary>Takes a file as a spec.</summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="BadInputException">
    /// It is no spec: the first thing that is wrong, as <c>file:line:column: what is wrong; what would be right</c>.
    /// </exception>
    public static Spec Read(string path, YamlFile file)
    {
        CheckVersion(file.Root);
        Fields fields = new(
            file.Root,
            "the spec",
            "version",
            "title",
            "cites",
            "layers",
            "seeds",
            "prompt seed",
            "sampler",
            "instruction",
            "answers",
            "vlm",
            "clip",
            "calibration",
            "prompts",
            "questions",
            "figures",
            "tables",
            "findings",
            "strips");
        string title = fields.Required("title", "Objects and their colors").Text("a title such as Objects and their colors").Value;
        IReadOnlyList<string> cites = fields.Optional("cites") is { } papers
            ? [.. papers.EachOnce(ArxivWanted, ArxivNumberOf).Select(paper => paper.Value)]
            : [];
        LayerChoice layers = LayerChoiceReader.Read(fields.Required("layers", "every 1/6"));
        IReadOnlyList<ulong> seeds = Seeds(fields.Required("seeds", "4"));
        int promptSeed = fields.Optional("prompt seed")?.WholeNumber("a seed for the drawing of prompts", 0, int.MaxValue) ?? 0;
        SamplerSpec sampler = SamplerSection.Read(fields.Optional("sampler"));
        IReadOnlyList<string> annotators = fields.Optional("answers")?.Names("annotator", AnnotatorKinds.All) ?? [];
        PromptSection prompts = new(fields.Required("prompts", "{object: {template: \"{a object}\", sample: 24, right: has object}}"));
        IReadOnlyList<QuestionSpec> questions = QuestionSection.Read(
            fields.Required("questions", "{has object: {ask: \"Is there {a object}?\", sees: {thing: object}, of: object}}"), prompts);
        IReadOnlyList<ConditionSpec> conditions = prompts.Conditions(questions);
        FigureSection figures = new(conditions, questions);
        IReadOnlyList<TableSpec> tables = new TableSpecSection(conditions, questions).Tables(fields.Optional("tables"));
        IReadOnlyList<FindingSpec> findings = new FindingSection(conditions, questions).Findings(fields.Optional("findings"));
        if (findings.Select(finding => finding.Name).Intersect(tables.Select(table => table.Name)).FirstOrDefault() is string twice)
        {
            throw fields.Required("findings", "").Location.Error(
                $"{twice.Quoted()} names a table too, whose files it would share; rename one");
        }

        string[] reserved = [TableSpec.AgreementOfPairs, TableSpec.AgreementOfAll, TableSpec.Corrected];
        if (tables.Select(table => table.Name).Concat(findings.Select(finding => finding.Name)).Intersect(reserved).FirstOrDefault()
            is string taken)
        {
            throw (fields.Optional("tables") ?? fields.Required("findings", "")).Location.Error(
                $"{taken.Quoted()} is the name of a table that is written where several annotators answered; rename this one");
        }

        return new Spec
        {
            Name = Path.GetFileNameWithoutExtension(path),
            Path = path,
            Sha256 = file.Sha256,
            Title = title,
            Cites = cites,
            Layers = layers,
            Seeds = seeds,
            PromptSeed = (ulong)promptSeed,
            Instruction = Instruction(fields.Optional("instruction")),
            Sampler = sampler,
            Annotators = annotators,
            Vision = VisionSection.Read(fields.Optional("vlm")),
            Clip = ClipSection.Read(fields.Optional("clip")),
            Calibration = fields.Optional("calibration")?.Text("a file such as calibration.csv") is { } calibration
                ? ClipSection.FileOf(calibration)
                : null,
            Conditions = conditions,
            Questions = questions,
            Figures = figures.Figures(fields.Optional("figures")),
            Strips = figures.Strips(fields.Optional("strips")),
            Tables = tables,
            Findings = findings,
        };
    }

    private static string? Instruction(Node? node)
    {
        if (node is null)
        {
            return null;
        }

        string path = node.Text("a file such as instruction.txt").Value;
        string beside = Path.Combine(Path.GetDirectoryName(node.Location.File) ?? "", path);
        try
        {
            return PipelineInstruction.Read(File.Exists(beside) || !File.Exists(path) ? beside : path);
        }
        catch (BadInputException problem)
        {
            throw node.Location.Error(problem.Message);
        }
    }

    private static string ArxivNumberOf(Node node) =>
        node.Text(ArxivWanted).Value is var number && ArxivNumber().IsMatch(number) ? number : throw node.Wrong(ArxivWanted);

    // Before anything else: a file of another version may have other keys.
    private static void CheckVersion(Node root)
    {
        (_, Node? version) = root.Block("a spec, which begins with version: 1").FirstOrDefault(entry => entry.Name.Value == "version");
        if (version is null)
        {
            throw root.Location.Error("the spec lacks its version; begin with version: 1");
        }
        if (version is not TextNode { Value: "1" })
        {
            throw version.Wrong("1, the version of the language that this program reads");
        }
    }

    private static IReadOnlyList<ulong> Seeds(Node node) =>
        node is ListNode
            ? [.. node.EachOnce("a seed", seed => seed.Seed("a seed")).Select(seed => seed.Value)]
            :
            [
                .. Enumerable
                    .Range(0, node.WholeNumber("a list such as [0, 7], or how many (4 is 0 to 3)", 1, MostSeeds))
                    .Select(seed => (ulong)seed),
            ];

    // As they are since April 2007.
    [GeneratedRegex(@"^[0-9]{2}(0[1-9]|1[0-2])\.[0-9]{4,5}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ArxivNumber();
}
