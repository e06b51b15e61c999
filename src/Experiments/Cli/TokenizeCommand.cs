using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights.SingleFiles;
using Experiments.Console;
using Experiments.Models;

namespace Experiments.Cli;

/// <summary><c>tokenize</c>: what a text encoder reads of a prompt.</summary>
internal static class TokenizeCommand
{
    private static readonly JsonSerializerOptions OneLine = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    public static Command Make(Terminal terminal)
    {
        Option<string> model = new("--model")
        {
            Description = "An embedded model's name, a model's folder or single file, or a tokenizer's own folder.",
            HelpName = "NAME|FOLDER|FILE",
            DefaultValueFactory = _ => ModelRequest.DefaultModel,
            CompletionSources = { Completions.Models },
        };
        SingleFileChoice singleFile = new();
        CleanTextOption cleanText = new();
        Option<bool> json = new("--json") { Description = "Each input line is a JSON string, so that any text can be given." };

        Command command = new DocumentedCommand(
            "tokenize",
            "Reads prompts, one a line, and writes a JSON line of each: its token ids, their pieces, the mask (0 for padding), what each "
                + "position is there for and of which word, what is cut off.",
            new("dlens-repro tokenize < prompts.txt", "what the embedded model reads"),
            new("dlens-repro tokenize --json --model ~/models/sd15/tokenizer < prompts.jsonl", "a tokenizer's folder, and any text"))
        {
            model, cleanText, json,
        };
        singleFile.AddTo(command);
        command.SetAction(parsed =>
        {
            string named = parsed.GetRequiredValue(model);
            TextCleaning cleaning = cleanText.Value(parsed);
            PromptTokenizer tokenizer = TokenizerOf(named, singleFile.Of(parsed, named)).With(cleaning);
            PromptReading reading = new([tokenizer], [], cleaning);

            // A read from a terminal cannot be cancelled; it is left behind.
            Task.Run(() => Tokenize(tokenizer, reading, parsed.GetValue(json), terminal))
                .WaitAsync(terminal.Cancellation).GetAwaiter().GetResult();
        });
        return command;
    }

    private static PromptTokenizer TokenizerOf(string model, SingleFileOptions? singleFile)
    {
        IReadOnlyList<string> folders = ModelReference.Find(model).Paths;
        return PromptTokenizer.IsFolder(folders[0])
            ? PromptTokenizer.FromFolder(folders[0])
            : ModelFamily.Of(folders, singleFile).Tokenizers(folders, new LoadOptions(SingleFile: singleFile))[0];
    }

    private static void Tokenize(PromptTokenizer tokenizer, PromptReading reading, bool json, Terminal terminal)
    {
        int number = 0;
        foreach (string prompt in PromptLines.Read(terminal.Input, json))
        {
            terminal.Output.Write(JsonSerializer.Serialize(TokenLine.Of(tokenizer.Encode(prompt)), OneLine) + "\n");
            number++;
            foreach (string note in reading.Note(prompt).Lines)
            {
                terminal.Error.WriteLine($"prompt {number}: {note}");
            }
        }
    }
}
