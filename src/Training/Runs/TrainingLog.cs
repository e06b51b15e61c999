using System.Globalization;

namespace Training.Runs;

/// <summary>A CSV that grows by a line a report. After a restart it goes on where the checkpoint was, later lines are dropped.</summary>
internal sealed class TrainingLog
{
    private readonly string _path;
    private readonly string[] _columns;

    public TrainingLog(string path, long steps, params string[] columns)
    {
        _path = path;
        _columns = ["step", "samples", "seconds", .. columns];
        string[] kept = File.Exists(path)
            ? [.. File.ReadLines(path).Skip(1).Where(line => long.Parse(line.Split(',')[0], CultureInfo.InvariantCulture) <= steps)]
            : [];
        Seconds = kept.Length > 0 ? double.Parse(kept[^1].Split(',')[2], CultureInfo.InvariantCulture) : 0;
        File.WriteAllLines(path, [string.Join(',', _columns), .. kept]);
    }

    /// <summary>Training time up to the last line.</summary>
    public double Seconds { get; }

    public void Add(long step, long samples, double seconds, params double[] values)
    {
        IEnumerable<string> cells = values.Select(value => value.ToString("G6", CultureInfo.InvariantCulture));
        File.AppendAllText(
            _path, string.Create(CultureInfo.InvariantCulture, $"{step},{samples},{seconds:F0},{string.Join(',', cells)}\n"));
    }
}
