using DiffusionLens;

namespace Experiments.Answers.Vision;

/// <summary>How the asking went, told by several at the same time.</summary>
/// <param name="asked">How many answers are wanted.</param>
internal sealed class VisionOutcome(VisionSettings settings, int asked)
{
    private const int QuotedLetters = 60;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _problems = [];
    private ServerProblem? _ofAll;
    private string? _firstJunk;
    private int _inARow, _refusedInARow, _replies, _junk;
    private bool _hasToldOfProbabilities;

    /// <summary>A question was answered.</summary>
    public void AddReply(ChatReply reply, Action<string> tell)
    {
        bool lacksThem;
        lock (_lock)
        {
            (_inARow, _refusedInARow) = (0, 0);
            _replies++;
            lacksThem = !_hasToldOfProbabilities
                && settings.Prompt.Form == Specs.VisionAnswerForm.YesNo && reply.Text is not null && !reply.HasProbabilities;
            _hasToldOfProbabilities |= lacksThem;
        }

        if (lacksThem)
        {
            tell($"vlm: {settings.Model} was asked for the probabilities of its words and gave none: its answers have no score");
        }
    }

    /// <summary>A question was not answered.</summary>
    /// <returns>How many in a row were not, refusals and others each by themselves.</returns>
    public int AddProblem(ServerProblem problem)
    {
        lock (_lock)
        {
            _problems[problem.Message] = _problems.GetValueOrDefault(problem.Message) + 1;
            _ofAll ??= problem.IsOfAll ? problem : null;
            return problem.IsRefusal ? ++_refusedInARow : ++_inARow;
        }
    }

    /// <summary>What was said is no answer.</summary>
    public void AddJunk(Answer answer, StoredReply reply)
    {
        lock (_lock)
        {
            _junk++;
            string cut = reply.IsCut ? ", cut off by the token limit," : "";
            _firstJunk ??= $"{reply.Note ?? $"\"{Short(reply.Reply ?? "")}\"{cut}"} to {answer}";
        }
    }

    /// <summary>Says what stays open, if anything does.</summary>
    /// <exception cref="BadInputException">Something does.</exception>
    public void RequireAll()
    {
        if (_problems.Count > 0)
        {
            string problem = _ofAll?.Message ?? _problems.MaxBy(problem => problem.Value).Key;
            throw new BadInputException(
                $"vlm: {settings}: {problem}; {_replies} questions were answered now and are kept, and the same command asks the others");
        }

        if (_junk > 0)
        {
            string what = settings.Prompt.Form == Specs.VisionAnswerForm.Score ? "no number from 0 to 10" : "neither yes nor no";

            // Where junk counts as no, only half a score is left.
            string way = settings.Prompt.IsJunkNo
                ? "raise `max tokens` in the prompt file"
                : "say `junk: no` in the prompt file to count these as no, as the paper did, or ask otherwise";
            throw new BadInputException(
                $"vlm: {settings.Model}: {_junk} of {asked} questions stay open, since what it said is {what} ({_firstJunk}); all it said "
                    + $"is kept and not asked again: {way}");
        }
    }

    private static string Short(string text) =>
        ChatResponse.OneLine(text) is var line && line.Length <= QuotedLetters ? line : line[..QuotedLetters] + "...";
}
