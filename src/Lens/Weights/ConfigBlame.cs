using System.Globalization;
using System.Text.Json;

namespace DiffusionLens.Weights;

/// <summary>
/// Which key of a config makes a network that the weights beside it are not of: one that has the number which a shape should not have.
/// </summary>
internal sealed class ConfigBlame
{
    private readonly string _path;
    private readonly KeyNumber[] _numbers;

    /// <param name="path">The config file, for errors.</param>
    /// <param name="config">Its content.</param>
    public ConfigBlame(string path, JsonElement config) => (_path, _numbers) = (path, [.. NumbersIn(config, "")]);

    /// <summary>The key of a network whose tensors have other shapes than those of the files; null where none can be told.</summary>
    public string? OfShapes(IReadOnlyList<ShapeMisfit> misfits) => Direct(misfits) ?? Product(misfits);

    /// <summary>The key of a network that has more or fewer blocks in a row; null where none can be told.</summary>
    /// <param name="built">Names of the network's tensors.</param>
    /// <param name="missing">Those of them that the files lack.</param>
    /// <param name="unknown">Names that the files have and the network has not.</param>
    public string? OfBlocks(IReadOnlyCollection<string> built, IReadOnlyCollection<string> missing, IReadOnlyCollection<string> unknown)
    {
        HashSet<string> absent = [.. missing];
        Dictionary<string, int> inFiles = BlockCounts(built.Where(name => !absent.Contains(name)).Concat(unknown));
        Dictionary<string, int> odd = BlockCounts(unknown);
        return BlockCounts(built)
            .Where(blocks => inFiles.GetValueOrDefault(blocks.Key) is var there && there > 0
                && (there < blocks.Value || (there > blocks.Value && odd.GetValueOrDefault(blocks.Key) == there)))
            .Select(blocks => NamesOf(blocks.Value, countsBlocks: true) is { } keys
                ? $"{_path}: {keys} is {blocks.Value}; by the weights it must be {inFiles.GetValueOrDefault(blocks.Key)} ({blocks.Key}*)"
                : null)
            .FirstOrDefault(blame => blame is not null);
    }

    /// <summary>The key of a network that has more tensors than its files hold, so that it was not built.</summary>
    public string OfSize(int tensors)
    {
        string keys = string.Join(
            ", ", _numbers.Where(number => number.CountsBlocks).Select(number => $"{number.Key} is {number.Value}").Distinct());
        return $"{_path}: {(keys.Length == 0 ? "it" : keys)}, which makes a network of more tensors than the {tensors} of its weights; "
            + "is it the config that belongs to them?";
    }

    private string? Direct(IReadOnlyList<ShapeMisfit> misfits)
        => misfits.SelectMany(misfit => misfit.Sides.Select(side => (misfit, side)))
            .Select(at => NamesOf(at.side.Expected, countsBlocks: false) is { } keys
                ? $"{_path}: {keys} is {at.side.Expected}; by the weights it must be {at.side.InFile} ({at.misfit})"
                : null)
            .FirstOrDefault(blame => blame is not null);

    private string? Product(IReadOnlyList<ShapeMisfit> misfits)
    {
        KeyNumber[] factors = [.. _numbers.Where(number => !number.CountsBlocks && number.Value > 1)];
        return (from misfit in misfits
                from side in misfit.Sides
                from first in factors
                where side.Expected % first.Value == 0
                from second in factors
                where second != first && first.Value * second.Value == side.Expected
                select $"{_path}: {first.Key} is {first.Value} and {second.Key} is {second.Value}; by the weights they must make "
                    + $"{side.InFile} ({misfit})").FirstOrDefault();
    }

    /// <summary>The keys that have this number; null where there is none, or so many that it is no use to name them.</summary>
    private string? NamesOf(long value, bool countsBlocks)
    {
        const int Several = 3;
        string[] keys = [.. _numbers.Where(number => number.Value == value && number.CountsBlocks == countsBlocks)
            .Select(number => number.Key).Distinct()];
        return keys.Length is 0 or > Several ? null : string.Join(" or ", keys);
    }

    /// <summary>How many of each numbered name there are, as <c>encoder.layers.0</c>, <c>encoder.layers.1</c>, by what precedes.</summary>
    private static Dictionary<string, int> BlockCounts(IEnumerable<string> names)
    {
        Dictionary<string, int> counts = [];
        foreach (string name in names)
        {
            string[] steps = name.Split('.');
            for (int i = 1; i < steps.Length; i++)
            {
                if (int.TryParse(steps[i], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < int.MaxValue)
                {
                    string before = string.Join('.', steps[..i]) + ".";
                    counts[before] = Math.Max(counts.GetValueOrDefault(before), number + 1);
                }
            }
        }

        return counts;
    }

    private static IEnumerable<KeyNumber> NumbersIn(JsonElement value, string key) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject()
            .Where(property => !IsOfText(property.Name))
            .SelectMany(property => NumbersIn(property.Value, key.Length == 0 ? property.Name : $"{key}.{property.Name}")),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => NumbersIn(item, key)),
        JsonValueKind.Number when value.TryGetInt64(out long number) => [new KeyNumber(key, number)],
        _ => [],
    };

    /// <summary>Ids of tokens are numbers that no shape has.</summary>
    private static bool IsOfText(string key) => key.StartsWith('_') || key.EndsWith("_token_id", StringComparison.Ordinal);

    private sealed record KeyNumber(string Key, long Value)
    {
        public bool CountsBlocks => Key.Contains("layers", StringComparison.Ordinal) || Key.Contains("blocks", StringComparison.Ordinal);
    }
}

/// <summary>A tensor that a network has in another shape than its files.</summary>
internal sealed record ShapeMisfit(string Name, IReadOnlyList<long> InFile, IReadOnlyList<long> Expected)
{
    /// <summary>The sides that differ.</summary>
    public IEnumerable<(long InFile, long Expected)> Sides
        => InFile.Count == Expected.Count ? InFile.Zip(Expected).Where(side => side.First != side.Second) : [];

    public override string ToString() => $"{Name} is [{string.Join(", ", InFile)}], should be [{string.Join(", ", Expected)}]";
}
