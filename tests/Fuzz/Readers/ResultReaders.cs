using System.Text;
using DiffusionLens.Families;
using Experiments.Answers;
using Experiments.Images;
using Experiments.Import;
using Experiments.Measures;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;
using Experiments.Verify;
using TorchSharp;
using static TorchSharp.torch;

namespace Fuzz.Readers;

/// <summary>What lies in results folders, and what is compared with them.</summary>
internal static class ResultReaders
{
    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        new(
            "answers",
            [new("answers.csv", [Answers(","), Answers(";"), Answers("\t")])],
            folder => AnswerTable.ReadLines(In(folder, "answers.csv"))),
        new("measures", [new("measures.csv", Repository.ReadAll("results/colors", "measures.csv", SearchOption.AllDirectories))],
            folder => MeasureTable.Read(In(folder, "measures.csv"))),
        new("tables", [new("table.csv", Repository.ReadAll("results", "*.csv", SearchOption.AllDirectories))],
            folder => ResultTable.Read(In(folder, "table.csv"))),
        new(
            "frequencies",
            [new("frequencies.csv", [Text("experiment,condition,word,frequency\nanimals,familiar,cat,2000.5\nanimals,familiar,dog,7\n")])],
            folder => WordFrequency.Read(In(folder, "frequencies.csv"))),
        new("manifest", [new("manifest.json", [Manifest()])], folder => RunManifest.Read(new ResultsFolder(folder))),
        new("image", [new("image.png", [Image(8, 8), Image(64, 64)])], ReadImage),
        new("golden", [new("golden.json", Repository.ReadAll("golden", "*.json"))], folder => GoldenFile.Read(In(folder, "golden.json"))),
        new(
            "release",
            [
                new(
                    "human_annotations/classes_IsCorrect_df.csv",
                    [Text("prompt,0,4,24,seed\nA mug.,0,1,1,0\nA mug.,0,0,1,1\nA hut.,1,,0,0\n")]),
                new(
                    "human_annotations/positional_in_RelationCorrect_df_positional_in_17.5.csv",
                    [Text("prompt,0,24,seed\nA mug in a hut.,0,1,0\n")]),
                new(
                    "gpt_annotations/auto_prompts_positional_in_RelationCorrect_df.csv",
                    [Text("prompt,0,24,seed\nA mug in a hut.,0,8,0.0\n")]),
                new(
                    "prompts/unfamiliar_animals - Sheet1.csv",
                    [Text("prompt,animal,class,avg_daily_views\nA photo of a Zorb.,Zorb,bird,12\n")]),
            ],
            folder => ReleaseImport.Read(folder)),
        new(
            "instruction",
            [new("instruction.txt", [Text("Describe the picture.\n")])],
            folder => PipelineInstruction.Read(In(folder, "instruction.txt"))),
    ];

    private static string In(string folder, string file) => Path.Combine(folder, file);

    private static Content Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private static Content Answers(string separator) => Text(
        """
        prompt_number,condition,prompt,seed,layer,site,question,score,yes,annotator,asked,image,image_sha256,cut_off
        0,object,a car,0,0,L00,has object,0.25,0,mini-recognizer-0123456789ab,A car?,images/a/layer-00_seed-0.png,px-0123456789abcdef,
        0,object,a car,0,12,L12,has object,0.75,1,by hand,A car?,images/a/layer-12_seed-0.png,px-0123456789abcdef,
        1,color,"a red, ""big"" car",18446744073709551615,6,L06,has color,,yes,anna,Any red?,images/color/x.png,0123456789abcdef,red

        """.Replace(",", separator, StringComparison.Ordinal));

    private static Content Manifest()
    {
        ResultsFolder folder = new(Directory.CreateTempSubdirectory("fuzz-").FullName);
        try
        {
            new RunManifest
            {
                Spec = new NamedHash("colors.yaml", "00"),
                Lexicon = new NamedHash("mini", "00"),
                Model = new NamedHash("mini-sd", "00"),
                ModelPlace = "mini-sd (of the tool)",
                Annotators = ["mini-recognizer"],
                Sampler = new SamplerSpec { Scheduler = "ddim", Steps = 2, Guidance = 4 },
                Dtype = "float32",
                Device = "cpu",
                Prompts = 1,
                Layers = [0, 12],
                Seeds = [0],
                Images = 2,
                Versions = new Dictionary<string, string> { ["dotnet"] = "10" },
                Machine = Machine.Here(),
                Stages = new Dictionary<string, StageRecord>(),
            }.Write(folder);
            return new Content(File.ReadAllBytes(folder.Manifest));
        }
        finally
        {
            Directory.Delete(folder.Path, recursive: true);
        }
    }

    private static Content Image(int height, int width)
    {
        using DisposeScope scope = NewDisposeScope();
        string path = Path.Combine(Path.GetTempPath(), $"fuzz-{Environment.ProcessId}-{height}.png");
        try
        {
            ImageFile.Write(path, arange(3 * height * width).reshape(3, height, width) / (3f * height * width), "identity");
            return new Content(File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void ReadImage(string folder)
    {
        string path = In(folder, "image.png");
        ImageFile.LabelOf(path);
        ImageFile.PixelHashOf(path);
        ImageFile.ReadLevels(path);
    }
}
