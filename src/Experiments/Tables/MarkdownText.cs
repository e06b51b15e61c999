using System.Text.RegularExpressions;

namespace Experiments.Tables;

/// <summary>Texts of anyone in Markdown: they show as they are, none is markup or HTML, and a cell of a table stays one.</summary>
internal static partial class MarkdownText
{
    /// <summary>A text in a line, for a cell or a paragraph.</summary>
    public static string Escape(string text) =>
        Special().Replace(Control().Replace(text.ReplaceLineEndings(" "), " "), special => "\\" + special.Value);

    /// <summary>The text that <see cref="Escape"/> was given, in a line.</summary>
    public static string Unescape(string escaped) => Escaped().Replace(escaped, "$1");

    // An & by itself is one; with a letter behind it, it may begin an entity. A list or heading only begins at the beginning.
    [GeneratedRegex(@"[\\`*_\[\]{}<>|~$]|&(?=[#A-Za-z])|(?<=\A\s*)[-+#=]", RegexOptions.CultureInvariant)]
    private static partial Regex Special();

    [GeneratedRegex(@"\p{Cc}", RegexOptions.CultureInvariant)]
    private static partial Regex Control();

    [GeneratedRegex(@"\\([\\`*_\[\]{}<>|~$&\-+#=])", RegexOptions.CultureInvariant)]
    private static partial Regex Escaped();
}
