using System.CommandLine;
using DiffusionLens.Families;

namespace Experiments.Cli;

/// <summary>The options that say in which form a text encoder reads prompts.</summary>
internal sealed class TextFormOptions
{
    private const string On = "on", Off = "off";

    private readonly Option<string?> _instruction = new("--instruction")
    {
        Description = "A file whose text goes before prompts, as SANA's pipeline puts its own there; nothing if not given.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _softCapping = new("--soft-capping")
    {
        Description = "on: soft-cap attention where the text encoder was trained so (Gemma 2); off, as diffusers runs it, if not given.",
        HelpName = $"{On}|{Off}",
    };

    public TextFormOptions() => _softCapping.AcceptOnlyFromAmong(On, Off);

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_instruction);
        command.Add(_softCapping);
    }

    /// <summary>The instruction; null: none was given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="DiffusionLens.BadInputException">The file cannot be read, or holds no text.</exception>
    public string? Instruction(ParseResult parsed)
        => parsed.GetValue(_instruction) is { } path ? PipelineInstruction.Read(path) : null;

    /// <summary>Whether attention is to be soft-capped.</summary>
    /// <param name="parsed">The command line.</param>
    public bool SoftCapping(ParseResult parsed) => parsed.GetValue(_softCapping) == On;
}
