using DiffusionLens;
using Experiments.Answers;
using Experiments.Files;
using Experiments.Results;

namespace Experiments.Merging;

/// <summary>
/// What was answered in several results folders, each answer once. Answers to the same question about the same pixels by the same annotator
/// must say the same, but for those that were set aside. Nothing that a person typed is dropped.
/// </summary>
internal sealed class AnswerUnion
{
    private readonly Dictionary<Said, FoundAnswer> _answers = [], _questions = [];
    private readonly OrderedDictionary<(Said Said, bool? Yes), Answer> _superseded = [];
    private readonly List<string> _replies = [];
    private readonly HashSet<string> _repliesThere = [];

    /// <summary>How many answers there are.</summary>
    public int Count => _answers.Count + _questions.Values.Count(found => found.Answer.Yes is not null);

    /// <summary>Takes a folder's tables.</summary>
    /// <exception cref="BadInputException">A table cannot be read, is not as it was left, contradicts one of another folder, or people's
    /// answers wait in the journal of a browser.</exception>
    public void Add(ResultsFolder folder)
    {
        if (File.Exists(folder.AnswerJournal) && new FileInfo(folder.AnswerJournal).Length > 0)
        {
            throw new BadInputException(
                $"{folder.AnswerJournal}: has answers of people that are in no table yet; run the experiment on {folder} with "
                    + "--only answers, then join");
        }

        if (!AnswersFile.IsAsLeft(folder))
        {
            throw new BadInputException(
                $"{folder.Answers}: is not as it was left; run the experiment on {folder} with --only answers, which takes what people "
                    + "changed in it and makes the rest again, then join");
        }

        Take(folder.Answers, _answers);
        foreach (Answer answer in AnswerTable.ReadSuperseded(folder.SupersededAnswers))
        {
            _superseded.TryAdd((Said.Of(answer), answer.Yes), answer);
        }

        Take(folder.Questions, _questions);
        if (File.Exists(folder.VisionReplies))
        {
            string[] replies = Utf8Text.ReadFile(folder.VisionReplies).Split('\n');
            _replies.AddRange(replies.Where(line => line.Length > 0 && _repliesThere.Add(line)));
        }
    }

    /// <summary>Writes the tables, each where it has anything.</summary>
    /// <exception cref="BadInputException">A file cannot be written.</exception>
    public void WriteTo(ResultsFolder folder)
    {
        Write(folder.SupersededAnswers, _superseded.Where(entry => !Stands(entry.Key)).Select(entry => entry.Value));
        if (_answers.Count > 0)
        {
            AnswersFile.Write(folder, Sorted(_answers.Values.Select(found => found.Answer)));
        }

        Write(folder.Questions, _questions.Where(IsOpen).Select(question => question.Value.Answer));
        if (_replies.Count > 0)
        {
            AtomicFile.WriteText(folder.VisionReplies, string.Join('\n', _replies) + "\n");
        }
    }

    private bool Stands((Said Said, bool? Yes) aside) =>
        _answers.TryGetValue(aside.Said, out FoundAnswer? found) && found.Answer.Yes == aside.Yes;

    // What is filled in is taken by the next run; what is not, is there for it to ask.
    private bool IsOpen(KeyValuePair<Said, FoundAnswer> question) =>
        question.Value.Answer.Yes is null || !_answers.ContainsKey(question.Key);

    private void Take(string table, Dictionary<Said, FoundAnswer> taken)
    {
        if (!File.Exists(table))
        {
            return;
        }

        foreach ((long line, Answer answer) in AnswerTable.ReadLines(table))
        {
            Said said = Said.Of(answer);
            FoundAnswer found = new(answer, $"{table}:{line}");
            RequireSame(_answers.GetValueOrDefault(said), found, said.Annotator);
            RequireSame(_questions.GetValueOrDefault(said), found, said.Annotator);

            if (!taken.TryGetValue(said, out FoundAnswer? there) || there.Answer.Yes is null && answer.Yes is not null)
            {
                taken[said] = found;
            }
        }
    }

    // A machine's score may differ in the last digits between processors, and a time is no part of what was said.
    private static void RequireSame(FoundAnswer? first, FoundAnswer second, string annotator)
    {
        if (first?.Answer.Yes is not { } there || second.Answer.Yes is not { } here
            || (there == here && (AnnotatorName.IsMachine(annotator) || first.Answer.Score == second.Answer.Score)))
        {
            return;
        }

        throw new BadInputException(
            $"{second.Where}: '{annotator}' says {Words(second.Answer)} here and {Words(first.Answer)} in {first.Where}, of the same "
                + "pixels; make the two the same, or give one of the two annotators another name");
    }

    private static string Words(Answer answer) =>
        FormattableString.Invariant($"{(answer.Yes == true ? "yes" : "no")}{(answer.Score is { } score ? $" ({score})" : "")}");

    private static void Write(string table, IEnumerable<Answer> answers)
    {
        Answer[] sorted = Sorted(answers);
        if (sorted.Length > 0)
        {
            AnswerTable.Write(table, sorted);
        }
        else if (File.Exists(table))
        {
            File.Delete(table);
        }
    }

    private static Answer[] Sorted(IEnumerable<Answer> answers) => [.. answers.OrderBy(answer => answer.PromptNumber)];

    private sealed record Said(AnswerKey Key, string Annotator, string ImageHash)
    {
        public static Said Of(Answer answer) => new(
            answer.Key,
            answer is { Yes: not null, Annotator: "" } ? AnnotatorName.ByHand : answer.Annotator,
            answer.ImageHash.ToLowerInvariant());
    }

    private sealed record FoundAnswer(Answer Answer, string Where);
}
