using System.Text;
using DiffusionLens.Tokenizers;
using Experiments.Plans;
using Experiments.Specs;
using Experiments.Specs.Reading;
using MiniWorld;

namespace Fuzz.Readers;

/// <summary>What experiments are written in: specs, lexicons, and the files that specs name.</summary>
internal static class SpecReaders
{
    private const int LastLayer = 12;

    private static readonly ClipTokenizer Tokenizer = ClipTokenizer.FromFolder(Repository.Reference("sd1/tokenizer"));

    /// <summary>The lexicon of the small world.</summary>
    public static Lexicon Mini { get; } = Lexicon.Load(Repository.At("lexicons/mini.yaml"));

    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        new("spec", [new("spec.yaml", Repository.ReadAll("experiments", "*.yaml"))], folder => Plan(folder)),
        new("lexicon", [new("lexicon.yaml", Repository.ReadAll("lexicons", "*.yaml"))], ReadLexicon),
        new(
            "spec-files",
            [new("spec.yaml", [FromFiles()]), new("prompts.csv", [Prompts()]), new("captions.conllu", [Captions()])],
            folder => Plan(folder)),
        new("conllu", [new("captions.conllu", [Captions()])], folder => ConlluReader.ReadFile(Path.Combine(folder, "captions.conllu"))),
    ];

    private static void Plan(string folder)
    {
        if (ExperimentReader.Read(Path.Combine(folder, "spec.yaml")) is Spec spec)
        {
            // What is plainly much is for those who ask for it; --limit is what people look with first.
            Planner.Make(spec, Mini, LastLayer, new PlanLimits(Prompts: 3), tokensOf: (_, _) => (_, text) => [Tokenizer.Encode(text)]);
        }
    }

    private static void ReadLexicon(string folder)
    {
        Lexicon lexicon = Lexicon.Load(Path.Combine(folder, "lexicon.yaml"));
        foreach (string group in lexicon.GroupNames)
        {
            lexicon.Words(group);
        }
    }

    private static Content Captions() => new(Encoding.UTF8.GetBytes(string.Join('\n', CaptionGrammar.Conllu(Mini).Take(200)) + "\n"));

    private static Content Prompts() => new(Encoding.UTF8.GetBytes(
        "prompt,thing,color,kind\n\"a red car\",car,red,one\n\"a blue star\",star,blue,one\n\"a \"\"green\"\" tree\",tree,green,two\n"));

    private static Content FromFiles() => new(Encoding.UTF8.GetBytes(
        """
        version: 1
        title: Prompts of files
        layers: [0, 6, 12]
        seeds: [0, 1]
        prompts:
          table:
            csv: prompts.csv
            prompt: prompt
            words: {object: thing, color: color}
            where: {kind: one*}
            right: has object
          caption:
            captions: captions.conllu
            antecedent: first
            sample: 2
            right: has noun
        questions:
          has object:
            ask: "Is there {a object} in the picture?"
            sees: {thing: object}
            of: table
          has noun:
            ask: "Is there {a noun} in the picture?"
            sees: {thing: noun}
            of: caption

        """));
}
