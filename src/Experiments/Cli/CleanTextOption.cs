using System.CommandLine;
using DiffusionLens.Tokenizers;

namespace Experiments.Cli;

/// <summary><c>--clean-text</c>: what is done to prompts before CLIP's tokenizers read them.</summary>
internal sealed class CleanTextOption : Option<string>
{
    private static readonly string[] Values = [.. Enum.GetNames<TextCleaning>().Select(name => name.ToLowerInvariant())];

    public CleanTextOption()
        : base("--clean-text")
    {
        Description = "ftfy: mend prompts before CLIP's tokenizer reads them, as CLIPTokenizer of transformers 4 does; none if not given.";
        HelpName = string.Join('|', Values);
        this.AcceptOnlyFromAmong(Values);
    }

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    public TextCleaning Value(ParseResult parsed)
        => parsed.GetValue(this) is string name ? Enum.Parse<TextCleaning>(name, ignoreCase: true) : TextCleaning.None;
}
