using DiffusionLens;
using Experiments.Files;

namespace Experiments.Answers;

/// <summary>What the ledger does where <c>answers.csv</c> is not as this program left it, or changes while it is open.</summary>
internal sealed partial class AnswerLedger
{
    // The answers in the file, each with a name to it.
    private IEnumerable<Answer> Standing(bool isAsLeft, IReadOnlyList<Answer> kept)
    {
        IReadOnlyList<Answer> read;
        try
        {
            read = AnswerTable.ReadIfThere(_folder.Answers);
        }
        catch (BadInputException problem) when (!isAsLeft && kept.Count == 0)
        {
            // Where nothing was ever written, nothing is to be kept.
            _isDamaged = Utf8Text.ReadBytes(_folder.Answers).Any(one => one != 0);
            _notes.Add($"{problem.Message}; {(_isDamaged ? $"it is kept as {DamagedAnswers()}, and " : "")}all is asked again");
            return [];
        }
        catch (BadInputException problem) when (!isAsLeft)
        {
            throw new BadInputException(
                $"{problem.Message}; mend that, or delete the file: {kept.Count} answers that cannot be made again come back from a copy",
                problem);
        }

        _isChanged |= read.Any(answer => answer is { Yes: not null, Annotator: "" });
        return read.Where(answer => answer.Yes is not null).Select(Named);
    }

    // The file was changed since it was left, by a person or by a fault. What machines can say again they are asked again.
    private void Compare(
        IReadOnlyList<Answer> kept, Dictionary<(AnswerKey Key, string Annotator), Answer> standing, int doubted)
    {
        List<string> changed = [];
        int back = 0;
        foreach (Answer answer in kept.Where(answer => answer.Yes is not null).Select(Named))
        {
            if (!standing.TryGetValue((answer.Key, answer.Annotator), out Answer? now))
            {
                back += TakeBack(answer) ? 1 : 0;
            }
            else if (now.Yes != answer.Yes)
            {
                changed.Add(
                    $"{_folder.Answers}: '{answer.Annotator}' says {Say(now)} to {answer}, and said {Say(answer)} when it was left");
                SetAside(answer);
            }
        }

        if (doubted + back + changed.Count == 0)
        {
            return;
        }

        _notes.Add(
            $"{_folder.Answers} is not as it was left"
                + (doubted > 0 ? $"; {doubted} answers of machines are asked again" : "")
                + (back > 0 ? $"; {back} that are gone from it came back from {_folder.KeptAnswers} (to drop them, delete both)" : "")
                + (changed.Count > 0
                    ? $"; {changed.Count} say otherwise: they are taken as they stand, and what stood there is in "
                        + _folder.SupersededAnswers
                    : ""));
        AddNotes(changed, _folder.Answers);
    }

    private bool TakeBack(Answer answer)
    {
        if (IsAskedAgain(answer))
        {
            return false;
        }

        if (!_placeOf.TryGetValue(answer.Key, out int place))
        {
            _elsewhere.Add(answer);
            return true;
        }

        if (!IsAbout(answer, place))
        {
            return SetAside(answer);
        }

        _given[place].Add(Placed(answer, place));
        return true;
    }

    // Somebody has written the file since it was read or written here: a person with a spreadsheet, as processes keep each other out.
    private void TakeEdited()
    {
        if (FileStamp.Of(_folder.Answers) == _answersStamp)
        {
            return;
        }

        IReadOnlyList<Answer> edited;
        try
        {
            edited = AnswerTable.ReadIfThere(_folder.Answers);
        }
        catch (BadInputException problem)
        {
            _isDamaged = true;
            _notes.Add($"{problem.Message}; it was changed while this ran, and is kept as {DamagedAnswers()}");
            return;
        }

        foreach (Answer answer in edited.Where(answer => answer.Yes is not null && !AnswersFile.CanBeMadeAgain(answer)).Select(Named)
            .Where(answer => !IsAskedAgain(answer)))
        {
            if (!_placeOf.TryGetValue(answer.Key, out int place))
            {
                if (!_elsewhere.Exists(other => other.Key == answer.Key && other.Annotator == answer.Annotator))
                {
                    _elsewhere.Add(answer);
                }
            }
            else if (!IsAbout(answer, place))
            {
                SetAside(answer);
            }
            else
            {
                foreach (Answer before in _given[place].FindAll(given => given.Annotator == answer.Annotator && given.Yes != answer.Yes))
                {
                    SetAside(before);
                }

                _given[place].RemoveAll(given => given.Annotator == answer.Annotator);
                _given[place].Add(Placed(answer, place));
            }
        }

        _notes.Add($"{_folder.Answers} was changed while this ran; what was changed in it is taken");
    }

    private void PutDamagedAside()
    {
        if (_isDamaged && File.Exists(_folder.Answers))
        {
            try
            {
                File.Move(_folder.Answers, DamagedAnswers());
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw AtomicFile.Unwritable(DamagedAnswers(), problem);
            }
        }

        _isDamaged = false;
    }

    // A place where nothing stands yet.
    private string DamagedAnswers() =>
        Enumerable.Range(1, int.MaxValue).Select(_folder.DamagedAnswers).First(file => !File.Exists(file));
}
