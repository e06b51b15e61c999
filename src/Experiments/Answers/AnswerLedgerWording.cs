namespace Experiments.Answers;

/// <summary>What the ledger does with answers to a question that is another now, under the same name.</summary>
internal sealed partial class AnswerLedger
{
    // Which questions a recognizer takes for others than when machines answered them; null where no machine is asked.
    private readonly IReadOnlySet<string>? _seenOtherwise;

    // What one of this run's machines said before it was changed, or when it was asked something else.
    private bool IsAskedAgain(Answer answer)
    {
        bool isOtherwise = _seenOtherwise is not null
            && (WasSeenOtherwise(answer) || WasAskedOtherwise(answer))
            && AnnotatorName.IsMachine(answer.Annotator);
        return _annotators.Any(annotator =>
            annotator.GaveBefore(answer.Annotator) || (isOtherwise && annotator.Gave(answer.Annotator)));
    }

    private bool WasAskedOtherwise(Answer answer) =>
        _placeOf.TryGetValue(answer.Key, out int place) && !answer.WasAsked(_asked[place].Asked);

    // Machines that always answer alike are those that look for what sees: says; a vision-language model reads the words alone.
    private bool WasSeenOtherwise(Answer answer) =>
        _seenOtherwise?.Contains(answer.Question) == true && AnswersFile.CanBeMadeAgain(answer);

    // A corrected letter is to cost nobody their work; whether it is more than that, a reader is to see.
    private IEnumerable<string> NotesOnWording()
    {
        (Answer Given, Answer Asked)[] otherwise = _seenOtherwise is null ? []
            :
            [
                .. from place in Enumerable.Range(0, _asked.Count)
                   from given in _given[place]
                   where !given.WasAsked(_asked[place].Asked)
                   select (given, _asked[place]),
            ];
        return otherwise is not [var first, ..] ? []
            :
            [
                ($"{otherwise.Length} answers were given to other words than the spec's now, and count as they are: the first to "
                    + $"\"{first.Given.Asked}\", which is \"{first.Asked.Asked}\" now").ReplaceLineEndings(" "),
            ];
    }
}
