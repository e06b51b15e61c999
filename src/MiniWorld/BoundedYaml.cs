using DiffusionLens;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MiniWorld;

/// <summary>
/// The events of a YAML text, without what could blow up or hide something: deep nesting, anchors and aliases, tags. All YAML that anyone
/// may have written is read through it. What YamlDotNet throws becomes an error with its place.
/// </summary>
/// <param name="path">What the text is called in errors.</param>
/// <param name="text">The text.</param>
/// <param name="kind">What it is: <c>spec</c>, <c>lexicon</c>.</param>
internal sealed class BoundedYaml(string path, string text, string kind) : IParser
{
    private const int DeepestNesting = 12;

    private readonly Parser _parser = new(new StringReader(text));
    private int _depth;

    public ParsingEvent? Current => _parser.Current;

    /// <exception cref="BadInputException">What follows is not YAML, or more of it than such a file needs.</exception>
    public bool MoveNext()
    {
        Mark before = _parser.Current?.End ?? Mark.Empty;
        try
        {
            if (!_parser.MoveNext())
            {
                return false;
            }
        }
        catch (YamlException error)
        {
            string reason = (error.InnerException ?? error).Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw Error(error.Start, $"not YAML: {reason}; mind quotes, brackets and indentation");
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or FormatException)
        {
            // YamlDotNet's scanner fails so on some plain text within brackets.
            throw Error(before, "not YAML: what follows here cannot be read; mind quotes, brackets and indentation");
        }

        Check(_parser.Current!);
        return true;
    }

    private void Check(ParsingEvent current)
    {
        switch (current)
        {
            case AnchorAlias or NodeEvent { Anchor.IsEmpty: false }:
                throw Error(
                    current.Start, $"an anchor or alias (& or *); a {kind} has none: write the value out, in quotes if it begins so");
            case NodeEvent { Tag.IsEmpty: false }:
                throw Error(current.Start, $"a tag (!); a {kind} has none: leave it out, or put the value in quotes if it begins so");
            case NodeEvent when _depth > DeepestNesting:
                throw Error(current.Start, $"nested deeper than {DeepestNesting}; no {kind} needs that");
        }

        _depth += current switch
        {
            MappingStart or SequenceStart => 1,
            MappingEnd or SequenceEnd => -1,
            _ => 0,
        };
    }

    private BadInputException Error(Mark mark, string message)
        => new($"{path}:{Math.Max(mark.Line, 1)}:{Math.Max(mark.Column, 1)}: {message}");
}
