using System.CommandLine;
using Experiments.Catalog;
using Experiments.Cli;
using Experiments.Console;
using Snapshooter.Xunit;

namespace Experiments.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("annotate")]
    [InlineData("export")]
    [InlineData("import")]
    [InlineData("figures")]
    [InlineData("calibrate")]
    [InlineData("paper")]
    [InlineData("beyond")]
    [InlineData("lens")]
    [InlineData("inspect")]
    [InlineData("tokenize")]
    [InlineData("list")]
    [InlineData("convert")]
    [InlineData("plan")]
    [InlineData("merge")]
    [InlineData("slurm")]
    [InlineData("kubernetes")]
    [InlineData("validate")]
    [InlineData("verify")]
    public void Help_teaches_with_examples(string command)
    {
        (int code, string output, string error) = Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Contains("Examples:", output, StringComparison.Ordinal);
        Snapshot.Match(output.ReplaceLineEndings("\n").Replace(RootCommand.ExecutableName, "dlens-repro"), $"help {command}".TrimEnd());
    }

    [Theory]
    [InlineData("no command given", "")]
    [InlineData("'SPEC' missing", "run")]
    [InlineData("'--stepss'", "colors --stepss 3")]
    [InlineData("no CLIP is named; add --clip FOLDER", "colors --model {model} --layers all --annotators clip")]
    [InlineData("CLIP is not asked; add --annotators clip", "colors --model {model} --layers all --annotators people --clip x")]
    [InlineData("is a text-to-image model (model_index.json)", "colors --model {model} --layers all --annotators clip --clip {model}")]
    [InlineData("'calibrate' writes it", "colors --model {model} --layers all --annotators people --calibration no.csv")]
    [InlineData("there is no such folder", "calibrate --images no-such-folder")]
    [InlineData("it says what is true of the images", "calibrate --images {model}")]
    [InlineData("did you mean 'colors'", "colours")]
    [InlineData("no such model", "verify --model no-such-model")]
    [InlineData("no such model", "colors --model no-such-model")]
    [InlineData("'float64' 'float32' 'bfloat16' 'float16'", "lens x --dtype float8")]
    [InlineData("'dpmsolver++' 'ddim' 'pndm' 'euler'", "lens x --scheduler huen")]
    [InlineData("--limit 0", "colors --limit 0")]
    [InlineData("--seeds 0,x", "colors --seeds 0,x")]
    [InlineData("--seeds 1,1", "colors --seeds 1,1")]
    [InlineData("--layers", "colors --layers some")]
    [InlineData("--steps 0", "colors --steps 0 --model {model}")]
    [InlineData("--guidance -1", "colors --guidance -1 --model {model}")]
    [InlineData("not of the form key=value", "lens x --scheduler-config use_karras_sigmas --model {model}")]
    [InlineData("sets eta twice", "lens x --scheduler-config eta=1 --scheduler-config eta=0 --model {model}")]
    [InlineData("eat means nothing to 'ddim'", "lens x --scheduler ddim --scheduler-config eat=1 --model {model}")]
    [InlineData(
        "scheduler_config.json with eta=much: eta is \"much\"",
        "lens x --scheduler ddim --scheduler-config eta=much --model {model}"
    )]
    [InlineData(
        "solver_type 'bh1' with final_sigmas_type 'zero'",
        "lens x --scheduler unipc --scheduler-config solver_type=bh1 --model {model}"
    )]
    [InlineData("scheduler is 'flow_match_heun', which cannot serve", "lens x --scheduler flow_match_heun --model {model}")]
    [InlineData(
        "variance_type is learned_range, but the model predicts no variance",
        "lens x --scheduler ddpm --scheduler-config variance_type=learned_range --model {model}"
    )]
    [InlineData("--steps x: give a whole number from 1 to 1000", "lens x --steps x")]
    [InlineData("--guidance 7,5: give a number from 0 to 100", "lens x --guidance 7,5")]
    [InlineData("--guidance nan: give a number from 0 to 100", "lens x --guidance nan")]
    [InlineData("--limit 99999999999: give a whole number from 1", "colors --limit 99999999999")]
    [InlineData("--height 0: give a whole number from 1", "lens x --height 0")]
    [InlineData("compares answers of other experiments and makes no images", "failures --shard 1/2")]
    [InlineData("--only report: failures compares answers of other experiments", "failures --only report")]
    [InlineData("--mixed: failures compares answers of other experiments", "failures --mixed")]
    [InlineData("--calibration: failures compares answers of other experiments", "failures --calibration c.csv")]
    [InlineData("--seeds: failures compares answers of other experiments", "failures --dry-run --model mini-sd --seeds 0")]
    [InlineData("--out is the folder for the answers of --label-studio; give --results", "import {if} --out mine")]
    [InlineData("--model is about golden hashes, and --results about results; leave one out", "verify --results --model mini-sd")]
    [InlineData("--update is about golden hashes, and --deep about results; leave one out", "verify --update --deep x")]
    [InlineData("--reference is what --results is compared with; give that", "verify --reference x")]
    [InlineData("--reference is what --results is compared with; give that, and no --deep", "verify --deep x --reference y")]
    [InlineData("--deep and --results: give one of the two", "verify --deep x --results y")]
    [InlineData("--json and --commands: give one of the two", "plan colors --json --commands")]
    [InlineData("Option '--tasks' is required", "slurm colors")]
    [InlineData("give each label once, as KEY=VALUE", "kubernetes colors --shards 2 --image x --claim y --node-selector x")]
    [InlineData("--tolerance 256: give a whole number from 0 to 255", "merge x --out y --tolerance 256")]
    [InlineData("there is no layer 99", "colors --layers 0,99 --model {model}")]
    [InlineData("add 5, or make images alone", "colors --layers 0,1 --model {model}")]
    [InlineData("--device tpu", "lens x --device tpu --model {model} --layers all")]
    [InlineData("multiples of", "lens x --height 33 --model {model} --layers all")]
    [InlineData("cannot be written", "colors --layers all --model {model} --out {file}/results")]
    [InlineData("cannot be written", "lens x --model {model} --out {file}/x.png")]
    [InlineData("give another place with --dump", "lens x --model {model} --layers all --steps 1 --dump {file}/x.safetensors")]
    [InlineData("--out '/': is no file's name", "lens x --model {model} --out /")]
    [InlineData("--dump '{model}': is no file's name", "lens x --model {model} --dump {model}")]
    [InlineData("--stage 3: give a whole number from 1 to 2", "lens x --stage 3 --model {if} --layers all")]
    [InlineData(
        "--stage 2: stage_I is a stage 1 alone; give stage 2's folder after it",
        "lens x --stage 2 --model {if}/stage_I --layers all"
    )]
    [InlineData("--stage 1: sd1 makes its images in one go", "colors --stage 1 --model {model}")]
    [InlineData("is DeepFloyd IF's stage II, which enlarges images; give stage I's folder before it", "lens x --model {if}/stage_II")]
    [InlineData("is DeepFloyd IF's stage II", "colors --model {if}/stage_II,{if}/stage_I")]
    [InlineData("there can be no other folder", "colors --model {model},{if}/stage_II")]
    [InlineData("as in --model STAGE_I,STAGE_II", "lens x --model {if}/stage_I,")]
    [InlineData("stage_III: there is no such model", "lens x --model {if}/stage_I,{if}/stage_III")]
    [InlineData("sides are multiples of 8", "lens x --height 36 --model {if} --layers all")]
    [InlineData("there is no layer 6", "lens x --layers 6 --model {if}")]
    public void Bad_input_ends_with_code_2_and_one_line_that_says_what(string expected, string line)
    {
        string model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1"),
            file = typeof(CommandLineTests).Assembly.Location,
            cascade = Path.Combine(AppContext.BaseDirectory, "reference", "if");
        string[] words =
        [
            .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.Replace("{model}", model).Replace("{file}", file).Replace("{if}", cascade)),
        ];

        (int code, _, string error) = Run(words);

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("dlens-repro: ", error, StringComparison.Ordinal);
        Assert.Contains(expected.Replace("{model}", model), error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "slurm colors --tasks 2 --gpus 1 --device cuda --annotators people,clip --clip x")]
    [InlineData(1, "slurm colors --tasks 2 --gpus 1 --device cuda")]
    [InlineData(2, "slurm {spec} --tasks 2 --gpus 1 --device cuda")]
    [InlineData(1, "slurm {spec} --tasks 2 --gpus 1 --device cuda --annotators people")]
    [InlineData(0, "slurm {spec} --tasks 2")]
    [InlineData(2, "kubernetes {spec} --shards 2 --image x --claim y --gpus 1 --device cuda")]
    [InlineData(1, "kubernetes on-the-cluster.yaml --shards 2 --image x --claim y --gpus 1 --device cuda")]
    [InlineData(2, "kubernetes on-the-cluster.yaml --shards 2 --image x --claim y --gpus 1 --device cuda --annotators clip")]
    public void The_report_of_a_cluster_gets_graphics_cards_where_clip_answers(int jobs, string line)
    {
        string folder = Directory.CreateTempSubdirectory("clip-").FullName, spec = Path.Combine(folder, "clip.yaml");
        File.WriteAllText(spec, File.ReadAllText(AssetCatalog.Experiments.Find("colors").Path) + "\nanswers: [people, clip]\n");

        (int code, string output, string error) = Run([.. line.Split(' ').Select(word => word.Replace("{spec}", spec))]);

        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Equal(jobs, output.Split('\n').Count(row =>
            row.Contains("--gpus=1", StringComparison.Ordinal) || row.Contains("nvidia.com/gpu", StringComparison.Ordinal)));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("dlens-repro co", "colors")]
    [InlineData("dlens-repro li", "list")]
    [InlineData("dlens-repro run co", "colors")]
    [InlineData("dlens-repro lens x --sch", "--scheduler")]
    [InlineData("dlens-repro lens x --scheduler p", "pndm")]
    public void A_shell_is_offered_names(string typed, string offered)
    {
        (int code, string output, _) = Run([$"[suggest:{typed.Length}]", typed]);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains(offered, output.Split('\n'));
    }

    [Fact]
    public void An_interruption_ends_with_code_130_and_says_how_to_go_on()
    {
        string model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1"),
            results = Directory.CreateTempSubdirectory("interrupted-").FullName;
        using CancellationTokenSource stop = new();
        stop.Cancel();

        (int code, _, string error) = Run(["colors", "--model", model, "--layers", "all", "--limit", "1", "--out", results], stop.Token);

        Assert.Equal(ExitCode.Interrupted, code);
        Assert.Contains("goes on from there", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(results, "*.png", SearchOption.AllDirectories));
        Directory.Delete(results, recursive: true);
    }

    [Fact]
    public void An_interrupted_lens_promises_nothing_and_leaves_nothing()
    {
        string model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1"),
            folder = Directory.CreateTempSubdirectory("interrupted-").FullName;
        using CancellationTokenSource stop = new();
        stop.Cancel();

        (int code, _, string error) = Run(["lens", "x", "--model", model, "--out", Path.Combine(folder, "x.png")], stop.Token);

        Assert.Equal((ExitCode.Interrupted, "dlens-repro: stopped"), (code, error.TrimEnd()));
        Assert.Empty(Directory.GetFiles(folder));
        Directory.Delete(folder);
    }

    private static (int Code, string Output, string Error) Run(string[] arguments, CancellationToken cancellation = default)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(arguments, new Terminal(output, error, TextReader.Null, IsInteractive: false, cancellation));
        return (code, output.ToString(), error.ToString());
    }
}
