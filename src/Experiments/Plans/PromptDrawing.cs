using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Experiments.Specs;
using Lens;
using MiniWorld;
using MiniWorld.Scenes;

namespace Experiments.Plans;

/// <summary>
/// Draws the words of a condition's prompts. Slot after slot takes the word that was used least so far, chance deciding between
/// equals, so that words repeat as little as they can and meet by chance. No prompt comes twice, and no word twice in a prompt.
/// A smaller sample is the beginning of a larger one.
/// </summary>
internal sealed class PromptDrawing
{
    private readonly ConditionSpec _condition;
    private readonly Lexicon _lexicon;
    private readonly IReadOnlyList<Slot> _slots;
    private readonly IReadOnlyList<IReadOnlyList<string>> _choices;
    private readonly SplitMix64 _random;
    private readonly Dictionary<string, int> _uses = [];
    private readonly HashSet<string> _texts = [];

    public PromptDrawing(ConditionSpec condition, Lexicon lexicon, ulong seed)
    {
        _condition = condition;
        _lexicon = lexicon;
        _slots = condition.Template.Slots;
        _choices = [.. condition.Template.Slots.Select(WordsFor)];
        _random = new SplitMix64(SeedOf(seed, condition.Name));
    }

    /// <summary>The words of so many prompts, by the names of their slots.</summary>
    /// <exception cref="BadInputException">There are fewer different prompts.</exception>
    public IEnumerable<IReadOnlyDictionary<string, string>> Draw(int count)
    {
        for (int drawn = 0; drawn < count; drawn++)
        {
            Dictionary<string, string> words = [];
            if (!Fill(words))
            {
                throw _condition.Place.Complaint(
                    $"sample: {_condition.Sample}, but the lexicon '{_lexicon.Name}' has words for only {drawn} different prompts of this kind");
            }
            foreach (string word in words.Values)
            {
                _uses[word] = _uses.GetValueOrDefault(word) + 1;
            }
            yield return words;
        }
    }

    // Goes back to an earlier slot's next best word where a later slot has none left that gives a new prompt.
    private bool Fill(Dictionary<string, string> words)
    {
        if (words.Count == _slots.Count)
        {
            return _texts.Add(_condition.Template.Fill(words, _lexicon));
        }
        string slot = _slots[words.Count].Name;
        foreach (string word in Shuffled(_choices[words.Count]).OrderBy(word => _uses.GetValueOrDefault(word)))
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

    private string[] Shuffled(IReadOnlyList<string> words)
    {
        string[] shuffled = [.. words];
        for (int i = shuffled.Length - 1; i > 0; i--)
        {
            int other = _random.Whole(0, i);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }
        return shuffled;
    }

    private IReadOnlyList<string> WordsFor(Slot slot)
    {
        Place place = _condition.Template.PlaceOf(slot);
        if (!_lexicon.GroupNames.Contains(slot.Group))
        {
            throw place.Unknown(slot.Group, $"group of the lexicon '{_lexicon.Name}'", _lexicon.GroupNames);
        }
        IReadOnlyList<string> group = _lexicon.Group(slot.Group);
        if (_condition.Words.FirstOrDefault(choice => choice.Slot == slot) is not { } only)
        {
            return group;
        }
        foreach ((string word, Place written) in only.Words)
        {
            if (!group.Contains(word))
            {
                throw written.Unknown(word, $"{slot.Group} of the lexicon '{_lexicon.Name}'", group);
            }
        }
        return [.. only.Words.Select(entry => entry.Word)];
    }

    // A condition's own seed: the first eight bytes of SHA-256 of "seed/name", so that other conditions may come and go.
    private static ulong SeedOf(ulong seed, string condition) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed}/{condition}"))));
}
