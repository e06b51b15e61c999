using System.Text;
using System.Text.Json;
using DiffusionLens;
using Experiments.Files;
using Experiments.Results;

namespace Experiments.Answers;

/// <summary>
/// <c>answers.journal.jsonl</c>: what people answer in a browser, a line an <see cref="Answer"/>, in the order in which it was given. A
/// line is on the disk before the next image is shown. One without <see cref="Answer.Yes"/> takes an answer back.
/// <see cref="AnswerLedger"/> takes the journal over into the tables, after which it is deleted.
/// </summary>
internal sealed class AnswerJournal : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly string _path;
    private readonly FileStream _file;

    private AnswerJournal(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Opens the journal of a results folder to write on at its end.</summary>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public static AnswerJournal Open(ResultsFolder folder) => Guarded(folder.AnswerJournal, () =>
    {
        FileStream file = new(folder.AnswerJournal, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);
        AnswerJournal journal = new(folder.AnswerJournal, file);
        journal.EndCutOffLine();
        return journal;
    });

    /// <summary>What a folder's journal says; nothing where there is none.</summary>
    /// <param name="notes">Gets a line for each that is no answer, as a power cut leaves the last one.</param>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public static IReadOnlyList<Answer> Read(ResultsFolder folder, ICollection<string> notes)
    {
        if (!File.Exists(folder.AnswerJournal))
        {
            return [];
        }

        List<Answer> answers = [];
        int line = 0;
        foreach (string text in Guarded(folder.AnswerJournal, () => File.ReadAllLines(folder.AnswerJournal)))
        {
            line++;
            if (text.Length == 0)
            {
                continue;
            }

            if (AnswerOf(text) is { Annotator.Length: > 0 } answer)
            {
                answers.Add(answer);
            }
            else
            {
                notes.Add($"{folder.AnswerJournal}:{line}: is no whole answer, as after a power cut; it was passed over");
            }
        }

        return answers;
    }

    /// <summary>Deletes a folder's journal: what it says is in the tables.</summary>
    /// <exception cref="BadInputException">It cannot be deleted.</exception>
    public static void Delete(ResultsFolder folder) => Guarded(folder.AnswerJournal, () =>
    {
        File.Delete(folder.AnswerJournal);
        return true;
    });

    /// <summary>Writes answers. When this returns they are on the disk.</summary>
    /// <exception cref="BadInputException">They cannot be written; then nothing of them is there.</exception>
    public void Append(params IEnumerable<Answer> answers)
    {
        long before = _file.Length;
        Guarded(_path, () =>
        {
            try
            {
                _file.Seek(before, SeekOrigin.Begin);
                _file.Write(Encoding.UTF8.GetBytes(string.Concat(answers.Select(answer => JsonSerializer.Serialize(answer, Json) + "\n"))));
                _file.Flush(flushToDisk: true);
                return true;
            }
            catch (IOException)
            {
                _file.SetLength(before);
                throw;
            }
        });
    }

    /// <summary>Closes it; one in which nothing stands is deleted.</summary>
    public void Dispose()
    {
        bool isEmpty = _file.Length == 0;
        _file.Dispose();
        if (isEmpty)
        {
            File.Delete(_path);
        }
    }

    private static Answer? AnswerOf(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Answer>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Unwritable(path, problem);
        }
    }

    // So that what is written next has a line of its own.
    private void EndCutOffLine()
    {
        if (_file.Length == 0)
        {
            return;
        }

        _file.Seek(-1, SeekOrigin.End);
        if (_file.ReadByte() != '\n')
        {
            _file.Write("\n"u8);
        }
    }
}
