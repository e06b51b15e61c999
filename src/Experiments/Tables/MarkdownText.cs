using System.Text.RegularExpressions;

namespace Experiments.Tables;

/// <summary>Texts of anyone in Markdown: they show as they are, none is markup or HTML, and a cell of a table stays one.</summary>
internal static partial class MarkdownText
{
    /// <summary>A text in a line, for a cell or within a line.</summary>
    public static string Escape(string text) => Special().Replace(
        Control().Replace(text.ReplaceLineEndings(" "), " "),
        match => match.Groups["interval"].Success ? match.Value : "\\" + match.Value);

    /// <summary>A text in a line that begins a paragraph, where a list or a heading could begin.</summary>
    public static string EscapeParagraph(string text) => Beginning().Replace(Escape(text), "\\$0");

    /// <summary>The text that <see cref="Escape"/> or <see cref="EscapeParagraph"/> was given, in a line.</summary>
    public static string Unescape(string escaped) => Escaped().Replace(escaped, "$1");

    // An & by itself is one; with a letter behind it, it may begin an entity. Brackets around numbers are an interval, unless what stands
    // behind them makes a link of it.
    [GeneratedRegex(
        @"(?<interval>\[[0-9., -]+\](?![(\[:]))|[\\`*_\[\]{}<>|~$]|&(?=[#A-Za-z])",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Special();

    [GeneratedRegex(@"(?<=\A\s*)[-+#=]|(?<=\A\s*[0-9]{1,9})[.)](?=\s|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Beginning();

    [GeneratedRegex(@"\p{Cc}", RegexOptions.CultureInvariant)]
    private static partial Regex Control();

    [GeneratedRegex(@"\\([\\`*_\[\]{}<>|~$&\-+#=.)])", RegexOptions.CultureInvariant)]
    private static partial Regex Escaped();
}
