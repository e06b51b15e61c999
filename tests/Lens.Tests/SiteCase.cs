using System.Globalization;
using System.Text.Json;

namespace DiffusionLens.Tests;

/// <summary>One of the cases of <c>reference/sites</c>.</summary>
/// <param name="Name">As its tensors are named.</param>
/// <param name="Fields">What the reference says of it.</param>
internal sealed record SiteCase(string Name, JsonElement Fields)
{
    /// <summary>Which of the reference's two prompts.</summary>
    public int Prompt => Fields.GetProperty(nameof(Prompt)).GetInt32();

    /// <summary>Whether there is an image of it.</summary>
    public bool HasImage => Fields.GetProperty("picture").GetBoolean();

    /// <summary>What is done inside the denoiser; empty: nothing.</summary>
    public string Denoiser => Text(nameof(Denoiser));

    public TextMask EncoderMask => Enum.Parse<TextMask>(Text(nameof(EncoderMask)), ignoreCase: true);

    /// <summary>The reference of a family: its prompts, and its cases.</summary>
    public static (string[] Prompts, SiteCase[] Cases) Of(string family)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Reference.PathOf("sites", "expected", $"{family}.json")));
        JsonElement root = document.RootElement.Clone();
        return (
            [.. root.GetProperty("prompts").EnumerateArray().Select(prompt => prompt.GetString()!)],
            [.. root.GetProperty("cases").EnumerateObject().Select(entry => new SiteCase(entry.Name, entry.Value))]);
    }

    /// <summary>Where it looks, in a model whose one encoder is read at <paramref name="deepest"/>.</summary>
    public LensSite Site(int deepest)
    {
        JsonElement layer = Fields.GetProperty("Layer");
        SiteTokens tokens = Tokens(Text("Tokens"));
        return new LensSite(layer.ValueKind == JsonValueKind.Null ? deepest : layer.GetInt32())
        {
            Point = Choice<SitePoint>("Point"),
            Tokens = tokens,
            Rest = tokens == SiteTokens.All ? default : Choice<SiteRest>("Rest"),
            Source = Fields.GetProperty("Source").GetString(),
            Norm = Choice<SiteNorm>("Norm"),
            Skip = Skips(Text("Skip")),
        };
    }

    public override string ToString() => Name;

    private static SiteTokens Tokens(string text) => text.Split(':') switch
    {
        ["all"] => SiteTokens.All,
        ["prompt"] => SiteTokens.Prompt,
        ["padding"] => SiteTokens.Padding,
        ["template"] => SiteTokens.Template,
        ["word", string word] => SiteTokens.Word(word),
        ["token", string position] => SiteTokens.Token(int.Parse(position, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, "There are no such tokens."),
    };

    private static SiteSkip[] Skips(string text) => text.Split(' ') switch
    {
        ["skip", string blocks] => [.. blocks.Split(',').Select(block => new SiteSkip(int.Parse(block, CultureInfo.InvariantCulture)))],
        ["repeat", string blocks] => [.. blocks.Split(',').Select(block => new SiteSkip(int.Parse(block, CultureInfo.InvariantCulture), Times: 2))],
        _ => [],
    };

    private T Choice<T>(string field)
        where T : struct, Enum
        => Enum.Parse<T>(Text(field).Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal), ignoreCase: true);

    private string Text(string field) => Fields.GetProperty(field).GetString()!;
}
