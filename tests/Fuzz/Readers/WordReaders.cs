using System.Text;
using DiffusionLens;
using DiffusionLens.Schedulers;
using Experiments.Cli;
using Experiments.Console;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Fuzz.Readers;

/// <summary>What is typed and piped: words of the command line, prompts.</summary>
internal static class WordReaders
{
    private static readonly Dictionary<string, Action<string>> Options = new()
    {
        ["layers"] = text => LayerChoiceReader.Read(text, "--layers"),
        ["tokens"] = text => _ = new LensSite(Layer: 3) { Tokens = SiteTokensReader.Read(text, "--tokens") }.Key,
        ["seeds"] = text => ListOption.Seeds("--seeds", text),
        ["blocks"] = text => ListOption.Blocks("--skip", text),
        ["annotators"] = text => ListOption.Names("--annotators", text, AnnotatorKinds.All),
        ["scheduler-config"] = text => _ = SchedulerOptions.Of(text).ToString(),
        ["run"] = text => Command("run", text),
        ["inspect"] = text => Command("inspect", text),
        ["validate"] = text => Command("validate", text),
    };

    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        new("words", [new("words.txt", [.. Examples.Select(words => new Content(Encoding.UTF8.GetBytes(words)))])], ReadWords),
        new(
            "prompts",
            [new("prompts.txt", [new("a red car\n\nzwölf ein 日本\n"u8.ToArray())])],
            folder => ReadPrompts(folder, json: false)),
        new(
            "prompts-json",
            [new("prompts.jsonl.txt", [new("\"a red car\"\n\"\"\n\"tab\\tand \\u00e9 \\ud83e\\udda9\"\n"u8.ToArray())])],
            folder => ReadPrompts(folder, json: true)),
    ];

    private static string[] Examples =>
    [
        "layers 0,4,8", "layers every 1/6", "layers every 4", "layers last", "tokens word:sea turtle", "tokens token:12", "tokens padding",
        "tokens token:٣",
        "seeds 0,1,18446744073709551615", "blocks 3,4", "annotators people,recognizer",
        "scheduler-config use_karras_sigmas=true timesteps=[999,499,0]",
        "run --layers 0,4 --seeds 0,1 --limit 2 --only images --steps 4 --guidance 7.5 --dtype float16 --device cpu --stage 1",
        "run --encoder 2 --tokens word:X --rest empty --norm matched --skip 3 --repeat 2 --mixture mean --pooled empty --point mlp-out",
        "inspect --json", "validate colors.yaml",
    ];

    private static void ReadWords(string folder)
    {
        string[] words = File.ReadAllText(Path.Combine(folder, "words.txt")).Split(' ', 2);
        if (words.Length == 2 && Options.TryGetValue(words[0], out Action<string>? read))
        {
            read(words[1]);
        }
    }

    // The folder and the spec that are named are not there, so that nothing is done.
    private static void Command(string name, string text)
    {
        using StringWriter output = new(), error = new();
        string[] words = [name, "/nowhere/nothing.yaml", .. text.Split(' ').Where(word => !word.StartsWith('@'))];
        int code = CommandLine.Run(words, new Terminal(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));
        if (code == ExitCode.Fault)
        {
            throw new InvalidOperationException(error.ToString());
        }
    }

    private static void ReadPrompts(string folder, bool json)
    {
        using StreamReader input = new(
            Directory.EnumerateFiles(folder).Single(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        foreach (string _ in PromptLines.Read(input, json))
        {
            // Each line is read as it comes.
        }
    }
}
