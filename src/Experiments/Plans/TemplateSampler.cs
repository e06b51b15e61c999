using DiffusionLens;
using DiffusionLens.Runtime;
using Experiments.Specs;
using MiniWorld;

namespace Experiments.Plans;

/// <summary>
/// Draws the words of a template's prompts. Slot after slot takes the word that was used least so far, chance deciding between
/// equals, so that words repeat as little as they can and meet by chance. No prompt comes twice, and no word twice in a prompt.
/// </summary>
internal sealed class TemplateSampler
{
    private readonly ConditionSpec _condition;
    private readonly PromptSource.FromTemplate _source;
    private readonly Lexicon _lexicon;
    private readonly IReadOnlyList<Slot> _slots;
    private readonly IReadOnlyList<IReadOnlyList<string>> _choices;
    private readonly SplitMix64 _random;
    private readonly Dictionary<string, int> _uses = [];
    private readonly HashSet<string> _texts = [];

    public TemplateSampler(ConditionSpec condition, PromptSource.FromTemplate source, Lexicon lexicon, SplitMix64 random)
    {
        _condition = condition;
        _source = source;
        _lexicon = lexicon;
        _slots = source.Slots;
        _choices = [.. _slots.Select(WordsFor)];
        _random = random;
    }

    /// <summary>So many prompts.</summary>
    /// <exception cref="BadInputException">There are fewer different ones.</exception>
    public IEnumerable<SampledPrompt> Draw(int count)
    {
        for (int drawn = 0; drawn < count; drawn++)
        {
            Dictionary<string, string> words = [];
            if (!Fill(words))
            {
                throw _condition.Location.Error(
                    $"sample: {_condition.Sample}, but the lexicon '{_lexicon.Name}' has words for only "
                        + $"{drawn} different prompts of this kind");
            }
            foreach (string word in words.Values)
            {
                _uses[word] = _uses.GetValueOrDefault(word) + 1;
            }
            yield return new SampledPrompt(_source.Text.Fill(words, _lexicon), words);
        }
    }

    // Goes back to an earlier slot's next best word where a later slot has none left that gives a new prompt.
    private bool Fill(Dictionary<string, string> words)
    {
        if (words.Count == _slots.Count)
        {
            return _texts.Add(_source.Text.Fill(words, _lexicon));
        }
        string slot = _slots[words.Count].Name;
        foreach (string word in PromptSampler.Shuffled(_choices[words.Count], _random).OrderBy(word => _uses.GetValueOrDefault(word)))
        {
            if (words.ContainsValue(word))
            {
                continue;
            }
            words.Add(slot, word);
            if (Fill(words))
            {
                return true;
            }
            words.Remove(slot);
        }
        return false;
    }

    private IReadOnlyList<string> WordsFor(Slot slot)
    {
        (string name, SourceLocation location) = _source.From.TryGetValue(slot, out (string, SourceLocation) from)
            ? from
            : (slot.Group, _source.Text.LocationOf(slot));
        WordChoice? only = _source.Words.FirstOrDefault(choice => choice.Slot == slot);
        if (!_lexicon.GroupNames.Contains(name))
        {
            // A slot of the spec's own, such as {preposition}: all its words are said.
            return only is not null && !_source.From.ContainsKey(slot)
                ? [.. only.Words.Select(entry => entry.Word)]
                : throw location.Unknown(name, $"group of the lexicon '{_lexicon.Name}'", _lexicon.GroupNames);
        }
        IReadOnlyList<string> group = _lexicon.Group(name);
        if (only is null)
        {
            return group;
        }
        foreach ((string word, SourceLocation written) in only.Words)
        {
            if (!group.Contains(word))
            {
                throw written.Unknown(word, $"{name} of the lexicon '{_lexicon.Name}'", group);
            }
        }
        return [.. only.Words.Select(entry => entry.Word)];
    }
}
