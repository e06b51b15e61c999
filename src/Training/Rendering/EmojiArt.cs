using System.Text.Json;
using DiffusionLens;
using DiffusionLens.Configs;
using MiniWorld;
using SkiaSharp;

namespace Training.Rendering;

/// <summary>
/// The pictures of a lexicon's words: Twemoji (CC BY 4.0), as the npm package emoji-datasource-twitter has them. One design only: its
/// flat shapes survive 8×8 latents, and of two designs a denoiser paints the blend for long. Immutable.
/// </summary>
internal sealed class EmojiArt
{
    private const string Package = "emoji-datasource-twitter";

    private readonly Dictionary<string, Sprite> _sprites;

    private EmojiArt(Lexicon lexicon, Dictionary<string, Sprite> sprites)
    {
        Lexicon = lexicon;
        _sprites = sprites;
    }

    /// <summary>The words that have pictures here.</summary>
    public Lexicon Lexicon { get; }

    /// <summary>Reads the pictures of all words but the colors.</summary>
    /// <param name="nodeModules">The folder that <c>npm ci</c> filled.</param>
    /// <param name="lexicon">The words and their picture names.</param>
    /// <exception cref="BadInputException">The folder or a picture is missing.</exception>
    public static EmojiArt Load(string nodeModules, Lexicon lexicon)
    {
        string index = Path.Combine(nodeModules, Package, "emoji.json");
        if (!File.Exists(index))
        {
            throw new BadInputException($"{index}: not there; run `npm ci` in src/Training/Art");
        }
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(index));
        Dictionary<string, JsonElement> emoji = json.RootElement.EnumerateArray()
            .SelectMany(entry => entry.GetProperty("short_names").EnumerateArray().Select(name => (Name: name.GetString()!, Entry: entry)))
            .ToDictionary(pair => pair.Name, pair => pair.Entry);

        Dictionary<string, Sprite> sprites = [];
        foreach (LexiconWord word in lexicon.AllWords.Where(word => word.Rgb is null))
        {
            sprites[word.Text] = word.Picture is null
                ? DrawnThings.Draw(word.Text)
                : Decode(Path.Combine(nodeModules, Package, "img", "twitter", "64", ImageOf(emoji, word)));
        }
        return new EmojiArt(lexicon, sprites);
    }

    /// <summary>The picture of a word, as large as it is.</summary>
    internal Sprite this[string word] => _sprites[word];

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
