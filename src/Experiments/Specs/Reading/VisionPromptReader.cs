using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionLens;

namespace Experiments.Specs.Reading;

/// <summary>Reads how a vision-language model is asked: a file such as those under <c>prompts/</c>.</summary>
internal static partial class VisionPromptReader
{
    private const int MostTokens = 100_000;

    // What the program itself writes into every request.
    private static readonly string[] OwnFields = ["model", "messages", "max_tokens", "max_completion_tokens", "stream", "logprobs", "n"];

    private static readonly Dictionary<string, VisionAnswerForm> Forms = new()
    {
        ["score"] = VisionAnswerForm.Score,
        ["yes-no"] = VisionAnswerForm.YesNo,
    };

    private static readonly string[] Slots = [VisionPrompt.QuestionSlot, VisionPrompt.StatementSlot, VisionPrompt.PromptSlot];

    /// <summary>Reads a file.</summary>
    /// <exception cref="BadInputException">It is no such file: the first thing that is wrong, with its place.</exception>
    public static VisionPrompt Read(string path)
    {
        Fields fields = new(
            YamlFile.Read(path).Root, "the prompt", "version", "title", "answer", "junk", "max tokens", "system", "ask", "body");
        Node version = fields.Required("version", "1");
        if (version is not TextNode { Value: "1" })
        {
            throw version.Wrong("1, the version of the language that this program reads");
        }

        Node ask = fields.Required("ask", "\"{question} Answer yes or no.\"");
        return new VisionPrompt
        {
            Name = Path.GetFileNameWithoutExtension(path),
            Form = Forms[fields.Required("answer", "yes-no").OneOf("form of answers", Forms.Keys)],
            IsJunkNo = fields.Optional("junk")?.OneOf("word for what is no answer", ["open", "no"]) == "no",
            MaxTokens = fields.Required("max tokens", "16").WholeNumber("the most tokens of an answer", 1, MostTokens),
            System = fields.Optional("system")?.Text("what the system message says").Value.Trim(),
            Ask = Asked(ask.Text("what is said to the model, with {question} in it").Value.Trim(), ask.Location),
            Body = fields.Optional("body") is { } body ? BodyOf(body) : new Dictionary<string, string>(),
        };
    }

    private static string Asked(string text, SourceLocation location)
    {
        if (SlotPattern().Matches(text).Select(slot => slot.Value).FirstOrDefault(slot => !Slots.Contains(slot)) is { } unknown)
        {
            throw location.Unknown(unknown, "slot of a prompt", Slots);
        }

        return text.Contains(VisionPrompt.QuestionSlot, StringComparison.Ordinal)
            || text.Contains(VisionPrompt.StatementSlot, StringComparison.Ordinal)
                ? text
                : throw location.Error(
                    $"the prompt asks nothing; put {VisionPrompt.QuestionSlot} or {VisionPrompt.StatementSlot} where the question goes");
    }

    private static Dictionary<string, string> BodyOf(Node node)
    {
        Dictionary<string, string> body = [];
        foreach ((TextNode name, Node value) in node.Block("further fields of the request, such as top_logprobs: 5"))
        {
            body[name.Value] = OwnFields.Contains(name.Value)
                ? throw name.Location.Error($"{name.Value.Quoted()} is written by the program; leave it out")
                : JsonSerializer.Serialize(ValueOf(value));
        }

        return body;
    }

    private static object? ValueOf(Node node) => node switch
    {
        MapNode map => map.Entries.ToDictionary(entry => entry.Name.Value, entry => ValueOf(entry.Value)),
        ListNode list => list.Items.Select(ValueOf).ToArray(),
        TextNode { Value: "true" } => true,
        TextNode { Value: "false" } => false,
        TextNode { Value: "null" or "" } => null,
        TextNode { Value: var text }
            when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => whole,
        TextNode { Value: var text } when NumberPattern().IsMatch(text) => double.Parse(text, CultureInfo.InvariantCulture),
        TextNode { Value: var text } => text,
        _ => throw node.Wrong("a value"),
    };

    [GeneratedRegex(@"\{[a-z ]{1,40}\}", RegexOptions.CultureInvariant)]
    private static partial Regex SlotPattern();

    [GeneratedRegex(@"\A-?\d{1,15}\.\d{1,15}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberPattern();
}
