using System.Globalization;

namespace MiniWorld;

/// <summary>
/// What can be said of a thing in a container or on a surface, with its parse: a grammar of three sentences, which writes the trees of
/// Universal Dependencies that its own rules give. <c>A box with a star</c> and <c>a star in a box</c>: the noun that comes first is the
/// antecedent of the other. <c>A star is in a box</c>: the predicate, the box, is the root, and the star depends on it.
/// </summary>
public static class CaptionGrammar
{
    /// <summary>
    /// Every such caption over the groups <c>movable</c>, <c>container</c> and <c>surface</c>, in CoNLL-U; a word of several parts is a
    /// compound with its last part as head.
    /// </summary>
    /// <param name="lexicon">The words.</param>
    /// <returns>Line by line.</returns>
    /// <exception cref="DiffusionLens.BadInputException">The lexicon lacks one of the groups.</exception>
    public static IEnumerable<string> Conllu(Lexicon lexicon) =>
        from kind in new[] { (Group: "container", Preposition: "in"), (Group: "surface", Preposition: "on") }
        from place in lexicon.Words(kind.Group)
        from thing in lexicon.Words("movable")
        where thing.Text != place.Text
        from sentence in Sentences(thing, kind.Preposition, place)
        from line in sentence
        select line;

    private static IEnumerable<IEnumerable<string>> Sentences(LexiconWord thing, string preposition, LexiconWord place)
    {
        yield return new Tree().Phrase(thing, "root").Word(preposition, "ADP", "case").Phrase(place, "nmod").Lines();
        yield return new Tree().Phrase(place, "root").Word("with", "ADP", "case").Phrase(thing, "nmod").Lines();
        yield return new Tree().Phrase(thing, "nsubj").Word("is", "AUX", "cop").Word(preposition, "ADP", "case")
            .Phrase(place, "root").Lines();
    }

    // Built from left to right. A phrase of relation "root" is the root; other phrases depend on it, and words on the phrase after them.
    private sealed class Tree
    {
        private readonly List<(string Form, string Tag, string Relation, int? Head)> _words = [];
        private readonly List<int> _waiting = [];
        private int _root;

        public Tree Word(string form, string tag, string relation)
        {
            _words.Add((form, tag, relation, null));
            _waiting.Add(_words.Count);
            return this;
        }

        public Tree Phrase(LexiconWord noun, string relation)
        {
            string[] parts = noun.Text.Split(' ');
            if (noun.Article.Length > 0)
            {
                Word(noun.Article, "DET", "det");
            }
            foreach (string part in parts[..^1])
            {
                Word(part, "NOUN", "compound");
            }
            _words.Add((parts[^1], "NOUN", relation, null));
            int head = _words.Count;
            foreach (int word in _waiting)
            {
                _words[word - 1] = _words[word - 1] with { Head = head };
            }
            _waiting.Clear();
            _root = relation == "root" ? head : _root;
            return this;
        }

        public IEnumerable<string> Lines() =>
        [
            $"# text = {string.Join(' ', _words.Select(word => word.Form))}",
            .. _words.Select((word, i) => string.Create(
                CultureInfo.InvariantCulture,
                $"{i + 1}\t{word.Form}\t{word.Form}\t{word.Tag}\t_\t_\t{HeadOf(i + 1)}\t{word.Relation}\t_\t_")),
            "",
        ];

        private int HeadOf(int word) => word == _root ? 0 : _words[word - 1].Head ?? _root;
    }
}
