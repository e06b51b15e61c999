using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionLens;
using DiffusionLens.Tokenizers;
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
        Option<int?> encoder = NumberOption.Whole(
            "--encoder",
            "Of several text encoders, by which one's tokenizer; that of the first that is read as a sequence if not given.",
            "1|2|3");
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
            model, encoder, cleanText, json,
        };
        singleFile.AddTo(command);
        command.SetAction(parsed =>
        {
            string named = parsed.GetRequiredValue(model);
            ModelRequest request = new(named, ModelRequest.DefaultDevice, ModelRequest.DefaultDType)
            {
                Cleaning = cleanText.Value(parsed),
                SingleFile = singleFile.Of(parsed, named),
            };
            (PromptReading reading, int index) = Open(request, parsed.GetValue(encoder));

            // A read from a terminal cannot be cancelled; it is left behind.
            Task.Run(() => Tokenize(reading, index, parsed.GetValue(json), terminal))
                .WaitAsync(terminal.Cancellation).GetAwaiter().GetResult();
        });
        return command;
    }

    /// <summary>What a model's encoders make of prompts, and the index of the one that is asked about.</summary>
    private static (PromptReading Reading, int Encoder) Open(ModelRequest request, int? encoder)
    {
        IReadOnlyList<string> folders = ModelReference.Find(request.Model).Paths;
        if (PromptTokenizer.IsFolder(folders[0]))
        {
            return encoder is null
                ? (new PromptReading([PromptTokenizer.FromFolder(folders[0]).With(request.Cleaning)], [], request.Cleaning), 0)
                : throw new BadInputException($"--encoder {encoder}: {request.Model} is one tokenizer's own folder; leave the option out");
        }

        ModelInfo info = ModelInfo.Read(folders, request.SingleFile);
        int count = info.Description.Encoders.Count;
        return encoder is null || encoder <= count
            ? (PromptReading.Of(info, info.Completed(request)), encoder is { } number ? number - 1 : info.Description.Reads[0].Encoder)
            : throw new BadInputException(
                $"--encoder {encoder}: {info.Name} has {(count == 1 ? "one text encoder" : $"text encoders 1 to {count}")}");
    }

    private static void Tokenize(PromptReading reading, int encoder, bool json, Terminal terminal)
    {
        int number = 0;
        foreach (string prompt in PromptLines.Read(terminal.Input, json))
        {
            terminal.Output.Write(JsonSerializer.Serialize(TokenLine.Of(reading.Read(prompt)[encoder]), OneLine) + "\n");
            number++;
            foreach (string note in reading.Note(prompt).Lines)
            {
                terminal.Error.WriteLine($"prompt {number}: {note}");
            }
        }
    }
}
