using DiffusionLens;
using DiffusionLens.Configs;
using Experiments.Answers;
using Experiments.Results;
using Experiments.Tables;

namespace Experiments.Import;

/// <summary>What was read of a release.</summary>
/// <param name="Answers">The answers by experiment and model, those of people first.</param>
/// <param name="Frequencies">How often animals are looked up, by the release's own tables.</param>
/// <param name="Notes">Each file with what was left aside in it, and why.</param>
internal sealed record ReleaseImport(
    IReadOnlyDictionary<(string Spec, string Model), IReadOnlyList<Answer>> Answers,
    IReadOnlyList<WordFrequency> Frequencies,
    IReadOnlyList<(string File, string Note)> Notes)
{
    private const string HumanFolder = "human_annotations", GptFolder = "gpt_annotations";

    /// <summary>Reads every file of a release.</summary>
    /// <param name="folder">A clone of the authors' repository, or the part of it that holds the data.</param>
    /// <exception cref="BadInputException">It is no release, or a table in it cannot be read.</exception>
    public static ReleaseImport Read(string folder, CancellationToken cancellation = default)
    {
        if (!Directory.Exists(Path.Combine(folder, HumanFolder)) || !Directory.Exists(Path.Combine(folder, GptFolder)))
        {
            throw new BadInputException($"{folder}: is no release of the paper's data; it has the folders {HumanFolder} and {GptFolder}");
        }

        Reading reading = new();
        string[] files = [.. FolderWalk.AllFiles(folder, name => name != ".git", cancellation: cancellation)
            .OrderBy(file => Rank(file)).ThenBy(file => file, StringComparer.Ordinal)];
        foreach (string file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            reading.Take(file, Path.GetRelativePath(folder, file).Replace('\\', '/'));
        }

        return new ReleaseImport(
            reading.Answers.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<Answer>)Numbered(entry.Value)),
            reading.Frequencies,
            reading.Notes);
    }

    /// <summary>Puts the answers where generated ones go, and the frequencies beside those of the animals.</summary>
    /// <param name="results">The folder of results.</param>
    /// <param name="tell">Told of folders that others held.</param>
    /// <returns>Each file written, with the number of its answers.</returns>
    /// <exception cref="BadInputException">A file cannot be written, or somebody else works in a folder.</exception>
    public IReadOnlyList<(string Path, int Count)> Write(ResultsRoot results, Action<string>? tell = null)
    {
        List<(string, int)> written = [];
        foreach (((string spec, string model), IReadOnlyList<Answer> answers) in Answers)
        {
            ResultsFolder folder = results.Of(spec, model);
            using FolderClaim claim = FolderClaim.Take(folder, tell);
            AnswersFile.Write(folder, [.. answers, .. OfOthers(folder, answers)]);
            written.Add((folder.Answers, answers.Count));
            WordFrequency[] frequencies = [.. Frequencies.Where(frequency => frequency.Spec == spec)];
            if (frequencies.Length > 0)
            {
                WordFrequency.Write(folder.Frequencies, frequencies);
            }
        }

        return written;
    }

    // What others than the release's annotators answered stays.
    private static IEnumerable<Answer> OfOthers(ResultsFolder folder, IReadOnlyList<Answer> released)
    {
        HashSet<string> annotators = [.. released.Select(answer => answer.Annotator)];
        return AnswersFile.ReadReliable(folder).Where(answer => !annotators.Contains(answer.Annotator));
    }

    private static int Rank(string file) =>
        Path.GetFileName(Path.GetDirectoryName(file)) switch
        {
            HumanFolder => 0,
            GptFolder => 1,
            _ => 2,
        };

    private static List<Answer> Numbered(List<Answer> answers)
    {
        Dictionary<(string, string), int> numbers = [];
        return [.. answers.Select(answer =>
        {
            var key = (answer.Condition, answer.Prompt);
            numbers.TryAdd(key, numbers.Count);
            return answer with { PromptNumber = numbers[key] };
        })];
    }

    private sealed class Reading
    {
        private readonly Dictionary<string, string> _byHash = [];
        private readonly Dictionary<(string, string, string, string), string> _byQuestion = [];

        public Dictionary<(string Spec, string Model), List<Answer>> Answers { get; } = [];

        public List<WordFrequency> Frequencies { get; } = [];

        public List<(string File, string Note)> Notes { get; } = [];

        public void Take(string path, string name) => Notes.Add((name, Rank(path) < 2 ? TakeAnswers(path) : TakeOther(path)));

        private string TakeAnswers(string path)
        {
            if (ReleaseFile.Of(path) is not ReleaseFile file)
            {
                return "skipped: its name says no experiment, question and model";
            }

            if (ReleaseNames.Find(file.Experiment) is not ReleaseExperiment experiment)
            {
                return $"skipped: '{file.Experiment}' is in no figure or table of the paper";
            }

            if (!experiment.Questions.ContainsKey(file.Question))
            {
                return $"skipped: '{file.Question}' is no question of '{file.Experiment}'";
            }

            string hash = Fingerprint.OfFile(path);
            var question = (file.Annotator, file.Experiment, file.Question, file.Model);
            if (!_byHash.TryAdd($"{question} {hash}", file.Name))
            {
                return $"skipped: byte for byte {_byHash[$"{question} {hash}"]}, no second annotator";
            }

            if (!_byQuestion.TryAdd(question, file.Name))
            {
                return $"skipped: {_byQuestion[question]} answers the same question by the same kind of annotator";
            }

            ReleaseAnswers read = ReleaseAnswers.Read(file, experiment);
            (string, string) key = (experiment.Spec, ReleaseModel.All.First(model => model.InFileNames == file.Model).Name);
            if (!Answers.TryGetValue(key, out List<Answer>? answers))
            {
                Answers.Add(key, answers = []);
            }

            answers.AddRange(read.Answers);
            return $"{read.Answers.Count} answers"
                + (read.EmptyCells > 0 ? $"; {read.EmptyCells} empty cells: not answered" : "")
                + (read.JunkCells > 0 ? $"; {read.JunkCells} cells without a score: no" : "")
                + (read.Repeated > 0 ? $"; {read.Repeated} rows of a prompt and seed that came before: left aside" : "");
        }

        private string TakeOther(string path)
        {
            IReadOnlyList<WordFrequency> frequencies = WordFrequency.OfRelease(path);
            Frequencies.AddRange(frequencies);
            return frequencies.Count > 0 ? $"{frequencies.Count} animals with their daily views" : "skipped: no answers in it";
        }
    }
}
