using System.CommandLine;

namespace Experiments.Cli;

/// <summary>A command that its help explains by examples.</summary>
internal sealed class DocumentedCommand(string name, string description, params Example[] examples) : Command(name, description)
{
    /// <summary>The examples, in the order of help.</summary>
    public IReadOnlyList<Example> Examples => examples;

    /// <summary>Whether it keeps what was done when it is interrupted, and goes on from there when it is run again.</summary>
    public bool IsResumable { get; set; }
}
