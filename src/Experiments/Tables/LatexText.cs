namespace Experiments.Tables;

/// <summary>Texts of anyone in LaTeX: they show as they are, and none is a command.</summary>
internal static class LatexText
{
    /// <summary>A text in a line, for a cell or a caption.</summary>
    public static string Escape(string text) => string.Concat(text.ReplaceLineEndings(" ").Select(letter => letter switch
    {
        '\\' => "\\textbackslash{}",
        '&' or '%' or '$' or '#' or '_' or '{' or '}' => $"\\{letter}",
        '~' => "\\textasciitilde{}",
        '^' => "\\textasciicircum{}",
        '<' => "\\textless{}",
        '>' => "\\textgreater{}",
        '|' => "\\textbar{}",

        // After the \\ of the row above, these would be its arguments.
        '[' or '*' => $"{{{letter}}}",
        '–' => "--",
        _ when char.IsControl(letter) => " ",
        _ => letter.ToString(),
    }));
}
