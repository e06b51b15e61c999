using System.Text;
using System.Text.Json;
using Experiments.Answers.Vision;

namespace Experiments.Tests.Answers.Vision;

/// <summary>
/// Responses in the forms of llama-server, vLLM, Ollama, hosted services and proxies, each with what a client should make of it.
/// </summary>
internal static class ReferenceResponses
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Answers", "Vision", "reference");

    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Path.Combine(Folder, "responses")).Select(file => Path.GetFileNameWithoutExtension(file)!).Order();

    public static string Request(string name) => File.ReadAllText(Path.Combine(Folder, "requests", name + ".json"));

    public static string Models(string server) => Read("models").GetProperty(server).GetRawText();

    public static ChatResponse Response(string name)
    {
        JsonElement read = Read(Path.Combine("responses", name)), body = read.GetProperty("body"), headers = read.GetProperty("headers");
        string text = body.ValueKind == JsonValueKind.String ? body.GetString()! : body.GetRawText();
        return new ChatResponse(
            read.GetProperty("status").GetInt32(), Encoding.UTF8.GetBytes(text), headers.TextOf("Retry-After"), headers.TextOf("Date"));
    }

    public static JsonElement Expected(string name) => Read(Path.Combine("responses", name)).GetProperty("expect");

    private static JsonElement Read(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json")));
        return document.RootElement.Clone();
    }
}
