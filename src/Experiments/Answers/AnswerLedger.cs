using DiffusionLens;
using Experiments.Files;
using Experiments.Results;

namespace Experiments.Answers;

/// <summary>
/// All that was answered in a results folder, sorted by what the plan asks. Answers are about pixels: what people said of an image that has
/// other pixels now is set aside, and comes back when the same pixels do. Nothing that a person typed is ever dropped.
/// </summary>
internal sealed partial class AnswerLedger
{
    private const int NotesInFull = 3;

    private readonly ResultsFolder _folder;
    private readonly IReadOnlyList<IAnnotator> _annotators;
    private readonly IReadOnlyList<Answer> _asked;
    private readonly Dictionary<AnswerKey, int> _placeOf;
    private readonly List<Answer>[] _given;
    private readonly List<Answer> _elsewhere = [], _superseded = [];
    private readonly Dictionary<AnswerKey, Answer> _half = [];
    private readonly List<string> _notes = [];
    private bool _isChanged, _isDamaged;
    private FileStamp _answersStamp, _questionsStamp;

    private AnswerLedger(
        ResultsFolder folder, IReadOnlyList<Answer> asked, IReadOnlyList<IAnnotator> annotators, IReadOnlySet<string>? seenOtherwise)
    {
        (_folder, _asked, _annotators, _seenOtherwise) = (folder, asked, annotators, seenOtherwise);
        _placeOf = asked.Select((answer, place) => (answer.Key, place)).ToDictionary();
        _given = [.. asked.Select(_ => new List<Answer>())];
    }

    /// <summary>What the plan asks, unanswered, in its order.</summary>
    public IReadOnlyList<Answer> Asked => _asked;

    /// <summary>Every answer to it.</summary>
    public IReadOnlyList<Answer> Answers => [.. _given.SelectMany(InOrder)];

    /// <summary>What could not be taken as it stands, a line each.</summary>
    public IReadOnlyList<string> Notes => [.. _notes.Distinct(), .. NotesOnWording()];

    /// <summary>Takes what is in a folder's tables, and what people filled in. Nothing is written, and no machine is asked.</summary>
    /// <param name="asked">What the plan asks, each with the hash of the image as it is now; no key twice.</param>
    /// <param name="annotators">Whose answers are there or expected, the main one first.</param>
    /// <exception cref="BadInputException">A table cannot be read, or a person answered a question in two ways.</exception>
    public static AnswerLedger Open(ResultsFolder folder, IReadOnlyList<Answer> asked, IReadOnlyList<IAnnotator> annotators)
    {
        AnswerLedger ledger = new(folder, asked, annotators, seenOtherwise: null);
        ledger.TakeAll();
        return ledger;
    }

    /// <summary>
    /// The same for a run that asks: what its machines said of a question that is another now is open again, and the order in the table is
    /// that of its annotators.
    /// </summary>
    /// <param name="asked">What the plan asks, each with the hash of the image as it is now; no key twice.</param>
    /// <param name="annotators">Who is asked, the main one first.</param>
    /// <param name="seenOtherwise">Questions for which recognizers looked for something else when they answered.</param>
    /// <exception cref="BadInputException">As <see cref="Open"/>.</exception>
    public static AnswerLedger OpenToAsk(
        ResultsFolder folder, IReadOnlyList<Answer> asked, IReadOnlyList<IAnnotator> annotators, IReadOnlySet<string> seenOtherwise)
    {
        AnswerLedger ledger = new(folder, asked, annotators, seenOtherwise);
        ledger.TakeAll();

        // Figures, measures and reports are made anew where the table is another, as it is with another main annotator.
        ledger._isChanged |= !Array.TrueForAll(ledger._given, ledger.IsInOrder);
        return ledger;
    }

    /// <summary>The places in <see cref="Asked"/> that an annotator has not answered.</summary>
    public IEnumerable<int> OpenTo(IAnnotator annotator) =>
        Enumerable.Range(0, _asked.Count).Where(place => !_given[place].Exists(answer => annotator.Gave(answer.Annotator)));

    /// <summary>Takes an answer that was given now.</summary>
    public void Add(Answer answer)
    {
        _given[_placeOf[answer.Key]].Add(answer);
        _isChanged = true;
    }

    /// <summary>
    /// Writes all of it where there is anything new: what was set aside first, so that an interruption leaves it in two places, not in
    /// none.
    /// </summary>
    /// <exception cref="BadInputException">A file cannot be written.</exception>
    public void Save()
    {
        if (!_isChanged)
        {
            if (File.Exists(_folder.Answers) && !AnswersFile.IsSealed(_folder))
            {
                AnswersFile.Seal(_folder, [.. Answers, .. _elsewhere]);
            }

            return;
        }

        TakeEdited();
        PutDamagedAside();
        if (_superseded.Count > 0)
        {
            AnswerTable.Write(_folder.SupersededAnswers, _superseded);
        }

        AnswersFile.Write(_folder, [.. Answers, .. _elsewhere]);
        _answersStamp = FileStamp.Of(_folder.Answers);
        if (_superseded.Count == 0 && File.Exists(_folder.SupersededAnswers))
        {
            File.Delete(_folder.SupersededAnswers);
        }

        AnswerJournal.Delete(_folder);
        _isChanged = false;
    }

    /// <summary>Writes the questions that are open to those who answer later, or takes the file away where there are none.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public int SaveQuestions()
    {
        while (FileStamp.Of(_folder.Questions) != _questionsStamp)
        {
            // Somebody has filled in more while machines were asked.
            TakeFilledIn();
            Save();
        }

        Answer[] open =
        [
            .. _annotators.Where(annotator => !annotator.IsAutomatic).SelectMany(OpenTo).Distinct().Order()
                .Select(place => _half.GetValueOrDefault(_asked[place].Key) is { } half
                    ? _asked[place] with { Score = half.Score, Annotator = half.Annotator }
                    : _asked[place]),
        ];
        if (open.Length > 0)
        {
            AnswerTable.Write(_folder.Questions, open);
        }
        else if (File.Exists(_folder.Questions))
        {
            File.Delete(_folder.Questions);
        }

        return open.Length;
    }

    private void TakeAll()
    {
        TakeAnswers();
        TakeFilledIn();
        TakeJournal();
        TakeBackSuperseded();
    }

    private void TakeAnswers()
    {
        _answersStamp = FileStamp.Of(_folder.Answers);
        bool isAsLeft = AnswersFile.IsAsLeft(_folder);
        IReadOnlyList<Answer> kept = isAsLeft ? [] : AnswersFile.ReadKept(_folder);
        Dictionary<(AnswerKey Key, string Annotator), Answer> standing = [];
        int setAside = 0, doubted = 0, gone = 0;
        foreach (Answer answer in Standing(isAsLeft, kept))
        {
            if (IsAskedAgain(answer))
            {
                _isChanged = true;
            }
            else if (WasSeenOtherwise(answer))
            {
                // Nothing in the table would tell it from an answer to the question as it is now.
                _isChanged = true;
                gone++;
            }
            else if (!isAsLeft && AnswersFile.CanBeMadeAgain(answer) && _annotators.Any(annotator => annotator.Gave(answer.Annotator)))
            {
                doubted++;
            }
            else if (!_placeOf.TryGetValue(answer.Key, out int place))
            {
                _elsewhere.Add(answer);
            }
            else if (IsAbout(answer, place))
            {
                Answer placed = Placed(answer, place);
                _isChanged |= placed != answer;
                _isChanged |= !TakeOnce(_given[place], placed);
            }
            else
            {
                _isChanged = true;
                setAside += SetAside(answer) ? 1 : 0;
            }

            if (!isAsLeft && !AnswersFile.CanBeMadeAgain(answer))
            {
                standing.TryAdd((answer.Key, answer.Annotator), answer);
            }
        }

        if (!isAsLeft)
        {
            _isChanged = true;
            Compare(kept, standing, doubted);
        }

        if (gone > 0)
        {
            _notes.Add(
                $"{gone} answers of machines that are not asked now are dropped: what sees: has them look for is another since; "
                    + "--annotators asks them again");
        }

        if (setAside > 0)
        {
            _notes.Add(
                $"{setAside} answers that people gave are about images that have changed since; "
                    + $"they are kept in {_folder.SupersededAnswers}, and come back with the same pixels");
        }
    }

    /// <summary>An answer with a name to it, where whoever gave it left none.</summary>
    public static Answer Named(Answer answer) =>
        answer.Annotator.Length > 0 ? answer : answer with { Annotator = AnnotatorName.ByHand };

    private void TakeFilledIn()
    {
        _questionsStamp = FileStamp.Of(_folder.Questions);
        if (!File.Exists(_folder.Questions))
        {
            return;
        }

        List<string> unmatched = [], outdated = [];
        foreach ((long line, Answer read) in AnswerTable.ReadLines(_folder.Questions))
        {
            if (read.Yes is null)
            {
                _half.TryAdd(read.Key, read);
                continue;
            }

            Answer answer = Named(read);
            string where = $"{_folder.Questions}:{line}";
            if (!_placeOf.TryGetValue(answer.Key, out int place))
            {
                unmatched.Add($"{where}: matches no image of this run; its answer is kept in {_folder.Answers}");
                _isChanged |= TakeOnce(_elsewhere, answer, where);
            }
            else if (IsAbout(answer, place))
            {
                _isChanged |= TakeOnce(_given[place], Placed(answer, place), where);
            }
            else
            {
                outdated.Add($"{where}: {WhatBecomesOf(answer)}");
                _isChanged |= SetAside(answer);
            }
        }

        AddNotes(unmatched, _folder.Questions);
        AddNotes(outdated, _folder.Questions);
    }

    // What one person said last of a question counts, and takes the place of what they said before.
    private void TakeJournal()
    {
        IReadOnlyList<Answer> journal = AnswerJournal.Read(_folder, _notes);
        _isChanged |= journal.Count > 0;
        foreach (Answer last in journal.GroupBy(answer => (answer.Key, answer.Annotator)).Select(said => said.Last()))
        {
            bool isAsked = _placeOf.TryGetValue(last.Key, out int place);
            if (isAsked && !IsAbout(last, place))
            {
                // It replaces nothing that was said of the image as it is now.
                _ = last.Yes is not null && SetAside(last);
                continue;
            }

            List<Answer> given = isAsked ? _given[place] : _elsewhere;
            given.RemoveAll(before => before.Key == last.Key && before.Annotator == last.Annotator);
            if (last.Yes is not null)
            {
                given.Add(isAsked ? Placed(last, place) : last);
            }
        }
    }

    private void TakeBackSuperseded()
    {
        Answer[] asideNow = [.. _superseded];
        _superseded.Clear();
        IReadOnlyList<Answer> before = AnswerTable.ReadSuperseded(_folder.SupersededAnswers);

        // Who said yes and, another time, no about the same pixels meant at the end what was set aside last, which is the later line.
        Dictionary<(AnswerKey Key, string Annotator), Answer> last = [];
        foreach (Answer answer in before.Where(ComesBack))
        {
            last[(answer.Key, answer.Annotator)] = answer;
        }

        foreach (Answer answer in before.Except(last.Values).Concat(asideNow))
        {
            SetAside(answer);
        }

        foreach (Answer answer in last.Values)
        {
            int place = _placeOf[answer.Key];
            _given[place].Add(Placed(answer, place));
            _isChanged = true;
        }

        if (last.Count > 0)
        {
            _notes.Add($"{last.Count} answers came back from {_folder.SupersededAnswers}: they are about the images as they are now");
        }
    }

    private bool ComesBack(Answer answer) => answer.Yes is not null
        && _placeOf.TryGetValue(answer.Key, out int place)
        && IsAbout(answer, place)
        && !_given[place].Exists(given => given.Annotator == answer.Annotator);

    // A hash of a file cannot be compared with pixels: whoever typed the answer can, and says so by emptying the cell.
    private string WhatBecomesOf(Answer answer) => AnswerTable.IsFileHash(answer.ImageHash)
        ? $"'{answer.ImageHash}' is of a file as the first version of this program wrote it, which does not tell whether the image is "
            + $"still the same; the answer is kept in {_folder.SupersededAnswers}: if it is, empty image_sha256 there, and the next run "
            + "takes it"
        : $"is about an image that has changed since; its answer is kept in {_folder.SupersededAnswers}, and comes back with the same "
            + "pixels";

    private bool IsAbout(Answer answer, int place) =>
        answer.ImageHash.Length == 0 || string.Equals(answer.ImageHash, _asked[place].ImageHash, StringComparison.OrdinalIgnoreCase);

    // What the answer says, at the place of the plan, and in the words that it was given to.
    private Answer Placed(Answer answer, int place) => _asked[place] with
    {
        Score = answer.Score,
        Yes = answer.Yes,
        Annotator = answer.Annotator,
        Answered = answer.Answered,
        Asked = answer.Asked.Length > 0 ? answer.Asked : _asked[place].Asked,
    };

    // Whether it was not there yet. The line that it stands in is looked up where there is something to say of it.
    private bool TakeOnce(List<Answer> taken, Answer answer, string? where = null)
    {
        Answer? before = taken.Find(given => given.Key == answer.Key && given.Annotator == answer.Annotator);
        if (before is not null && before.Yes != answer.Yes)
        {
            throw new BadInputException(
                $"{where ?? WhereSaid(answer)}: '{answer.Annotator}' says {Say(answer)} here and {Say(before)} in {WhereSaid(before)}; "
                    + "make the two the same, or give the second annotator another name");
        }

        if (before is null)
        {
            taken.Add(answer);
        }

        return before is null;
    }

    private static string Say(Answer answer) => answer.Yes == true ? "yes" : "no";

    private string WhereSaid(Answer answer) => AnswerTable.ReadLines(_folder.Answers)
        .Where(line => line.Answer.Key == answer.Key && Named(line.Answer).Annotator == answer.Annotator && line.Answer.Yes == answer.Yes)
        .Select(line => $"{_folder.Answers}:{line.Line}").FirstOrDefault(_folder.Answers);

    // A machine can be asked again; what a person typed is kept, once, where it was set aside last.
    private bool SetAside(Answer answer)
    {
        if (AnnotatorName.IsMachine(answer.Annotator))
        {
            return false;
        }

        bool wasThere = _superseded.RemoveAll(kept =>
            kept.Key == answer.Key && kept.Annotator == answer.Annotator && kept.ImageHash == answer.ImageHash
            && kept.Yes == answer.Yes) > 0;
        _superseded.Add(answer);
        return !wasThere;
    }

    private void AddNotes(List<string> notes, string file)
    {
        _notes.AddRange(notes.Take(NotesInFull));
        if (notes.Count > NotesInFull)
        {
            _notes.Add($"{file}: so it is with {notes.Count - NotesInFull} more lines");
        }
    }

    private bool IsInOrder(List<Answer> ofQuestion) => ofQuestion.Count < 2 || InOrder(ofQuestion).SequenceEqual(ofQuestion);

    // Those of this run's annotators in their order, then others by their names.
    private IEnumerable<Answer> InOrder(List<Answer> ofQuestion) => ofQuestion.Count < 2
        ? ofQuestion
        : ofQuestion.OrderBy(answer => _annotators.TakeWhile(annotator => !annotator.Gave(answer.Annotator)).Count())
            .ThenBy(answer => answer.Annotator, StringComparer.Ordinal);
}
