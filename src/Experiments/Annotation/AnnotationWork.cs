using DiffusionLens;
using Experiments.Answers;
using Experiments.Measures;

namespace Experiments.Annotation;

/// <summary>
/// What there is to ask, who is at which of it, and what they said. Each answer goes into the journal before it counts. May be used by
/// several browsers at once.
/// </summary>
internal sealed class AnnotationWork
{
    /// <summary>The longest name that a person may have.</summary>
    public const int LongestName = 60;

    private const int AheadCount = 3;

    // A set that somebody left is given to others after this.
    private static readonly TimeSpan Absence = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly IReadOnlyList<Answer> _asked;
    private readonly IReadOnlyList<QuestionSet> _sets;
    private readonly AnswerJournal _journal;
    private readonly Func<Answer, IReadOnlyList<string>> _references;
    private readonly Action? _requireHeld;
    private readonly List<Said>[] _given;
    private readonly bool[] _isAskedTwice;
    private readonly int[] _rank;
    private readonly List<Participant> _people = [];
    private readonly Dictionary<string, int> _counts = [];

    /// <param name="asked">What the plan asks.</param>
    /// <param name="answers">What people have answered of it.</param>
    /// <param name="sets">What is asked, in sets.</param>
    /// <param name="journal">Where answers go.</param>
    /// <param name="references">Where the page gets images of what a question is about.</param>
    /// <param name="requireHeld">Makes sure before each answer that the results folder still is this process's.</param>
    public AnnotationWork(
        IReadOnlyList<Answer> asked,
        IEnumerable<Answer> answers,
        IReadOnlyList<QuestionSet> sets,
        AnswerJournal journal,
        Func<Answer, IReadOnlyList<string>> references,
        Action? requireHeld = null)
    {
        (_asked, _sets, _journal, _references, _requireHeld) = (asked, sets, journal, references, requireHeld);
        _given = [.. asked.Select(_ => new List<Said>())];
        _isAskedTwice = new bool[asked.Count];
        _rank = new int[asked.Count];
        int rank = 0;
        foreach (QuestionSet set in sets)
        {
            foreach (int place in set.Places)
            {
                _isAskedTwice[place] |= set.IsSecond;
                _rank[place] = rank++;
            }
        }

        Dictionary<AnswerKey, int> placeOf = asked.Select((answer, place) => (answer.Key, place)).ToDictionary();
        foreach (Answer answer in answers.Where(answer => answer.Yes is not null && !AnnotatorName.IsMachine(answer.Annotator)))
        {
            if (placeOf.TryGetValue(answer.Key, out int place))
            {
                _given[place].Add(new Said(answer.Annotator, answer.Yes == true, answer.Answered));
            }
        }
    }

    /// <summary>How many answers each person gave since the start.</summary>
    public IReadOnlyDictionary<string, int> GivenNow
    {
        get
        {
            lock (_lock)
            {
                return new SortedDictionary<string, int>(_counts, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>How many questions nobody has answered.</summary>
    public int MissingCount
    {
        get
        {
            lock (_lock)
            {
                return _given.Count(given => given.Count == 0);
            }
        }
    }

    /// <summary>Somebody comes.</summary>
    public Participant Join()
    {
        lock (_lock)
        {
            Participant participant = new();
            _people.Add(participant);
            return participant;
        }
    }

    /// <summary>What a person sees; they get a set where they have none.</summary>
    public WorkView Show(Participant person)
    {
        lock (_lock)
        {
            return ShowTo(person, at: null);
        }
    }

    /// <summary>A person says who they are; one who is or was here is known in any spelling of capitals.</summary>
    /// <exception cref="BadInputException">It is no name.</exception>
    public WorkView Call(Participant person, string name)
    {
        string given = string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (given.Length is 0 or > LongestName || given.Any(char.IsControl) || AnnotatorName.Party(given).Length > 0)
        {
            throw new BadInputException($"A name has 1 to {LongestName} letters, and is not a program's.");
        }

        lock (_lock)
        {
            string known = Names().Concat(_people.Select(other => other.Name).OfType<string>())
                .FirstOrDefault(other => string.Equals(other, given, StringComparison.OrdinalIgnoreCase)) ?? given;
            person.Name = known;
            person.Set = null;
            person.History.Clear();
            person.History.AddRange(
                from place in Enumerable.Range(0, _asked.Count)
                let said = _given[place].Find(said => said.By == known)
                where said?.At is not null
                orderby said.At, _rank[place]
                select place);
            return ShowTo(person, at: null);
        }
    }

    /// <summary>A person answers. When this returns the answer is on the disk.</summary>
    /// <param name="place">The question's place in the plan.</param>
    /// <exception cref="BadInputException">
    /// The answer cannot be written, or is to no question of theirs; then nothing has changed.
    /// </exception>
    public WorkView Answer(Participant person, int place, bool yes)
    {
        lock (_lock)
        {
            if (person is not { Name: string name, Set: int set } || !_sets[set].Places.Contains(place))
            {
                throw new BadInputException("This question is not in your set; load the page again.");
            }

            Give(name, place, yes);
            person.NoteAnswer();
            person.History.Remove(place);
            person.History.Add(place);
            return ShowTo(person, at: null);
        }
    }

    /// <summary>Takes the last answer of a person back, and shows its question again.</summary>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public WorkView Undo(Participant person)
    {
        lock (_lock)
        {
            person.History.RemoveAll(place => !_given[place].Exists(said => said.By == person.Name));
            if (person is not { Name: string name, History: [.., int last] })
            {
                return ShowTo(person, at: null);
            }

            Give(name, last, yes: null);
            person.History.RemoveAt(person.History.Count - 1);
            if (person.Set is not int set || !IsOpenIn(set))
            {
                int[] sets = [.. Enumerable.Range(0, _sets.Count).Where(IsOpenIn).Take(1)];
                person.Set = sets is [int its] ? its : person.Set;
            }

            return ShowTo(person, at: last);

            bool IsOpenIn(int number) => IsOpenTo(name, last, _sets[number]) && _sets[number].Places.Contains(last);
        }
    }

    private void Give(string name, int place, bool? yes)
    {
        DateTimeOffset now = AnswerTime.Now;
        _requireHeld?.Invoke();
        _journal.Append(_asked[place] with { Yes = yes, Annotator = name, Answered = now });
        int before = _given[place].RemoveAll(said => said.By == name);
        if (yes is bool answer)
        {
            _given[place].Add(new Said(name, answer, now));
        }

        _counts[name] = _counts.GetValueOrDefault(name) + (yes is null ? 0 : 1) - before;
    }

    private WorkView ShowTo(Participant person, int? at)
    {
        if (IsAway(person) && _people.Any(other => other != person && other.Set == person.Set && !IsAway(other)))
        {
            // Somebody has their set now.
            person.Set = null;
        }

        person.Seen = DateTimeOffset.UtcNow;
        if (person.Name is not string name)
        {
            return new WorkView(null, Names(), null, 0, Progress(person));
        }

        if (person.Set is not int current || !_sets[current].Places.Any(place => IsOpenTo(name, place, _sets[current])))
        {
            person.Set = NextFor(name);
        }

        return new WorkView(
            name,
            [],
            person.Set is int set ? ViewOf(name, set, at) : null,
            person.Set is null ? Enumerable.Range(0, _asked.Count).Sum(place => Math.Max(0, Wanted(place) - _given[place].Count)) : 0,
            Progress(person));
    }

    private SetView ViewOf(string name, int number, int? at)
    {
        QuestionSet set = _sets[number];
        int[] places = [.. set.Places.Where(place => IsOpenTo(name, place, set) || SaidBy(name, place) is not null)];
        int position = Array.FindIndex(places, place => at is int asked ? place == asked : SaidBy(name, place) is null);
        int[] ahead = NextFor(name, besides: number) is int next
            ? [.. _sets[next].Places.Where(place => IsOpenTo(name, place, _sets[next])).Take(AheadCount)]
            : [];
        return new SetView(
            set.Question,
            set.Prompt,
            set.IsSecond,
            Math.Max(0, position),
            [.. places.Select(place => new ItemView(place, ImageAddress.Of(_asked[place]), SaidBy(name, place)?.Yes))],
            _references(_asked[places[0]]),
            [.. ahead.Select(place => ImageAddress.Of(_asked[place]))]);
    }

    // A set that they began, else the first that nobody else is at; somebody in a second browser is nobody else.
    private int? NextFor(string name, int? besides = null)
    {
        HashSet<int> taken =
        [
            .. _people.Where(other => other.Name != name && !IsAway(other))
                .Select(other => other.Set)
                .OfType<int>(),
        ];
        int? first = null;
        for (int number = 0; number < _sets.Count; number++)
        {
            QuestionSet set = _sets[number];
            if (number == besides || taken.Contains(number) || !set.Places.Any(place => IsOpenTo(name, place, set)))
            {
                continue;
            }

            if (set.Places.Any(place => SaidBy(name, place) is not null))
            {
                return number;
            }

            first ??= number;
        }

        return first;
    }

    private bool IsOpenTo(string name, int place, QuestionSet set) =>
        _given[place].Count == (set.IsSecond ? 1 : 0) && SaidBy(name, place) is null;

    private static bool IsAway(Participant person) => DateTimeOffset.UtcNow - person.Seen >= Absence;

    private Said? SaidBy(string name, int place) => _given[place].Find(said => said.By == name);

    private int Wanted(int place) => _isAskedTwice[place] ? 2 : 1;

    private IReadOnlyList<string> Names() =>
        [.. _given.SelectMany(given => given).Select(said => said.By).Distinct().Order(StringComparer.OrdinalIgnoreCase)];

    private ProgressView Progress(Participant person)
    {
        int all = 0, answered = 0, mine = 0;
        List<(bool First, bool Second)> pairs = [];
        for (int place = 0; place < _asked.Count; place++)
        {
            List<Said> given = _given[place];
            int wanted = Wanted(place);
            all += wanted;
            answered += Math.Min(wanted, given.Count);
            mine += person.Name is string name && SaidBy(name, place) is not null ? 1 : 0;
            if (given.Count >= 2)
            {
                pairs.Add((given[0].Yes, given[1].Yes));
            }
        }

        double pace = _people.Where(other => !IsAway(other)).Sum(other => 1 / other.SecondsPerAnswer) ?? 0;
        Agreement agreement = Agreement.Of(pairs);
        return new ProgressView(
            answered,
            all,
            mine,
            pace > 0 ? (all - answered) / pace : null,
            pairs.Count,
            agreement.BothYes + agreement.BothNo,
            pairs.Count > 0 ? agreement.Kappa : null);
    }

    private sealed record Said(string By, bool Yes, DateTimeOffset? At);
}
