namespace Experiments.Specs;

/// <summary>Where the prompts of a condition come from, and the slots that questions about them may name.</summary>
internal abstract record PromptSource
{
    private PromptSource()
    {
    }

    /// <summary>The slots that have a word in every prompt, without the lexicon's attributes.</summary>
    public abstract IReadOnlyList<Slot> Slots { get; }

    /// <summary><c>template:</c>, filled with words.</summary>
    /// <param name="Text">The text, with slots for words.</param>
    /// <param name="Words">Slots that are limited to some words.</param>
    /// <param name="From">Slots that take the words of another group than the one they are named after, with the place where it was
    /// written.</param>
    public sealed record FromTemplate(
        Template Text,
        IReadOnlyList<WordChoice> Words,
        IReadOnlyDictionary<Slot, (string Group, SourceLocation Location)> From
    ) : PromptSource
    {
        /// <inheritdoc/>
        public override IReadOnlyList<Slot> Slots => Text.Slots;
    }

    /// <summary><c>csv:</c>, a table with a prompt a line.</summary>
    /// <param name="Path">The file: in the spec's folder, or from the current one.</param>
    /// <param name="Location">Where it was written.</param>
    /// <param name="Columns">The column of each slot's word; a slot may be an attribute (<c>class of animal</c>).</param>
    /// <param name="Where">Only rows whose cells in these columns look so (<c>*</c> stands for anything).</param>
    /// <param name="Fixed">Slots with the same word in every prompt.</param>
    public sealed record FromTable(
        string Path,
        SourceLocation Location,
        TableColumn PromptColumn,
        IReadOnlyDictionary<Slot, TableColumn> Columns,
        IReadOnlyList<(TableColumn Column, string Pattern)> Where,
        IReadOnlyDictionary<Slot, string> Fixed) : PromptSource
    {
        /// <inheritdoc/>
        public override IReadOnlyList<Slot> Slots => [.. Columns.Keys.Concat(Fixed.Keys).Where(slot => slot.Attribute is null)];
    }

    /// <summary><c>captions:</c>, those with exactly two nouns of which one depends on the other (the paper's section 4.2).</summary>
    /// <param name="Path">A CoNLL-U file, in the spec's folder or from the current one; null: the captions of the lexicon's own
    /// grammar.</param>
    /// <param name="Location">Where it was written.</param>
    /// <param name="AntecedentFirst">Whether the first noun is the antecedent of the second, or the second of the first.</param>
    public sealed record FromCaptions(string? Path, SourceLocation Location, bool AntecedentFirst) : PromptSource
    {
        /// <summary>The first noun, <c>noun</c>.</summary>
        public static readonly Slot First = new("noun", 0);

        /// <summary>The second noun, <c>noun'</c>.</summary>
        public static readonly Slot Second = new("noun", 1);

        /// <inheritdoc/>
        public override IReadOnlyList<Slot> Slots => [First, Second];
    }
}

/// <param name="Name">Its heading.</param>
/// <param name="Location">Where it was named.</param>
internal sealed record TableColumn(string Name, SourceLocation Location);
