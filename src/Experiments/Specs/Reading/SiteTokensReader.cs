using System.Globalization;
using System.Text.RegularExpressions;
using DiffusionLens;

namespace Experiments.Specs.Reading;

/// <summary>Reads which tokens a site shows: <c>padding</c>, <c>word {object}</c>, <c>each of {object}</c>, <c>token 3</c>.</summary>
internal static partial class SiteTokensReader
{
    private const string Wanted = "all, prompt, padding, template, token 3, word red, \"word {object}\" or \"each of {object}\"";

    private const string OptionWanted = "all, prompt, padding, template, word:X or token:n";

    /// <param name="node">What stands under <c>tokens</c>, or null.</param>
    /// <returns>A site with these tokens, else native.</returns>
    /// <exception cref="BadInputException">It is none of these.</exception>
    public static SiteSpec Read(Node? node)
    {
        if (node is null)
        {
            return SiteSpec.Native;
        }

        TextNode text = node.Text(Wanted);
        if (SiteWords.TokenSets.TryGetValue(text.Value, out SiteTokens? set))
        {
            return Showing(set);
        }

        if (TokenPattern().Match(text.Value) is { Success: true } token)
        {
            return Showing(SiteTokens.Token(int.Parse(token.Groups["position"].ValueSpan, CultureInfo.InvariantCulture)));
        }

        Match word = WordPattern().Match(text.Value);
        if (!word.Success)
        {
            throw text.Wrong(Wanted);
        }

        Group name = word.Groups["word"];
        Template template = TemplateReader.Read(text with { Value = name.Value, Indent = text.Indent + name.Index });
        return template.Parts.OfType<TemplatePart.Word>().FirstOrDefault(part => part.Article) is { } article
            ? throw article.Location.Error("an article before the word of a site, whose tokens are its own; write {object}")
            : SiteSpec.Native with { Word = new WordTokens(template, IsEach: word.Groups["each"].Success) };
    }

    /// <summary>Reads an option of the command line: <c>word:dog</c>, <c>token:3</c>, or a set.</summary>
    /// <exception cref="BadInputException">It is none of these.</exception>
    public static SiteTokens Read(string text, string option)
    {
        string[] parts = text.Split(':', 2);
        return SiteWords.TokenSets.TryGetValue(text, out SiteTokens? set) ? set
            : parts is ["word", { Length: > 0 } word] ? SiteTokens.Word(word)
            : parts is ["token", var number] && TokenPattern().Match($"token {number}") is { Success: true }
                ? SiteTokens.Token(int.Parse(number, CultureInfo.InvariantCulture))
            : throw new BadInputException($"{option} {text}: give {OptionWanted}");
    }

    private static SiteSpec Showing(SiteTokens tokens) => SiteSpec.Native with { Parts = new LensSite(Layer: 0) { Tokens = tokens } };

    [GeneratedRegex(@"\Atoken (?<position>[0-9]{1,5})\z", RegexOptions.CultureInvariant)]
    private static partial Regex TokenPattern();

    [GeneratedRegex(@"\A((?<each>each of)|word) (?<word>.+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex WordPattern();
}
