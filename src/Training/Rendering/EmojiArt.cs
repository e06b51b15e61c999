using System.Text.Json;
using Lens;
using MiniWorld;
using SkiaSharp;

namespace Training.Rendering;

/// <summary>
/// The pictures of a lexicon's words in two styles: Noto Emoji (Google, Apache-2.0) and Twemoji (CC BY 4.0), as the npm packages
/// emoji-datasource-google and emoji-datasource-twitter have them. Immutable.
/// </summary>
public sealed class EmojiArt
{
    private static readonly string[] Styles = ["google", "twitter"];

    private readonly Dictionary<string, Sprite[]> _sprites;

    private EmojiArt(Lexicon lexicon, Dictionary<string, Sprite[]> sprites)
    {
        Lexicon = lexicon;
        _sprites = sprites;
    }

    /// <summary>How many styles each word is drawn in.</summary>
    public static int StyleCount => Styles.Length;

    /// <summary>The words that have pictures here.</summary>
    public Lexicon Lexicon { get; }

    /// <summary>Reads the pictures of all words but the colours.</summary>
    /// <param name="nodeModules">The folder that <c>npm ci</c> filled.</param>
    /// <param name="lexicon">The words and their picture names.</param>
    /// <exception cref="BadInputException">The folder or a picture is missing.</exception>
    public static EmojiArt Load(string nodeModules, Lexicon lexicon)
    {
        string index = Path.Combine(nodeModules, "emoji-datasource-google", "emoji.json");
        if (!File.Exists(index))
        {
            throw new BadInputException($"{index}: not there; run `npm ci` in src/Training/Art");
        }
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(index));
        Dictionary<string, JsonElement> emoji = json.RootElement.EnumerateArray()
            .SelectMany(entry => entry.GetProperty("short_names").EnumerateArray().Select(name => (Name: name.GetString()!, Entry: entry)))
            .ToDictionary(pair => pair.Name, pair => pair.Entry);

        Dictionary<string, Sprite[]> sprites = [];
        foreach (LexiconWord word in lexicon.AllWords.Where(word => word.Rgb is null))
        {
            sprites[word.Text] = word.Picture is null
                ? DrawnThings.Draw(word.Text)
                : [.. Styles.Select(style => Decode(PathOf(nodeModules, style, ImageOf(emoji, word))))];
        }
        return new EmojiArt(lexicon, sprites);
    }

    /// <summary>The picture of a word in a style, 0 or 1, as large as it is.</summary>
    internal Sprite this[string word, int style] => _sprites[word][style];

    private static string ImageOf(Dictionary<string, JsonElement> emoji, LexiconWord word)
    {
        if (!emoji.TryGetValue(word.Picture!, out JsonElement entry))
        {
            throw new BadInputException(
                $"picture '{word.Picture}' of '{word.Text}' is no emoji; did you mean '{Spelling.Nearest(word.Picture!, emoji.Keys)}'?");
        }
        if (word.Tone is not null
            && !(entry.TryGetProperty("skin_variations", out JsonElement tones) && tones.TryGetProperty(word.Tone, out entry)))
        {
            throw new BadInputException($"picture '{word.Picture}' of '{word.Text}' has no skin tone '{word.Tone}'");
        }
        return entry.GetProperty("image").GetString()!;
    }

    private static string PathOf(string nodeModules, string style, string image) =>
        Path.Combine(nodeModules, $"emoji-datasource-{style}", "img", style, "64", image);

    private static Sprite Decode(string path)
    {
        using SKBitmap bitmap = SKBitmap.Decode(path) ?? throw new BadInputException($"{path}: no readable picture");
        return FromBitmap(bitmap);
    }

    internal static Sprite FromBitmap(SKBitmap bitmap)
    {
        float[] pixels = new float[bitmap.Width * bitmap.Height * 4];
        SKColor[] colors = bitmap.Pixels;
        for (int i = 0; i < colors.Length; i++)
        {
            float alpha = colors[i].Alpha / 255f;
            pixels[i * 4] = colors[i].Red / 255f * alpha;
            pixels[(i * 4) + 1] = colors[i].Green / 255f * alpha;
            pixels[(i * 4) + 2] = colors[i].Blue / 255f * alpha;
            pixels[(i * 4) + 3] = alpha;
        }
        return new Sprite(bitmap.Width, bitmap.Height, pixels).Cropped();
    }
}
