namespace DiffusionLens.Weights.SingleFiles;

/// <summary>
/// How the modules of one part are called in a single file and in a diffusers folder. A name stands for the module and all that is in it,
/// or for one tensor; of several that fit the longest counts.
/// </summary>
internal sealed class ModuleNames
{
    private readonly Dictionary<string, TensorPlace[]> _inFolder = [];
    private readonly Dictionary<string, string> _inFile = [];

    /// <summary>Pairs a module or tensor with what it is called in the folder.</summary>
    public void Add(string file, string folder) => Add(file, new TensorPlace(folder, TensorTake.Whole));

    /// <summary>The same for a matrix that the folder has transposed.</summary>
    public void AddTransposed(string file, string folder) => Add(file, new TensorPlace(folder, TensorTake.Transposed));

    /// <summary>The same for a tensor whose rows are those of three in the folder, one after the other.</summary>
    public void AddThirds(string file, string first, string second, string third) => Add(
        file,
        new TensorPlace(first, TensorTake.FirstThird),
        new TensorPlace(second, TensorTake.SecondThird),
        new TensorPlace(third, TensorTake.LastThird));

    /// <summary>Where a tensor of the file goes; none where the part has no such module.</summary>
    public IReadOnlyList<TensorPlace> ToFolder(string name)
    {
        for (int end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
        {
            if (_inFolder.TryGetValue(name[..end], out TensorPlace[]? places))
            {
                return [.. places.Select(place => place with { Name = place.Name + name[end..] })];
            }
        }

        return [];
    }

    /// <summary>What a tensor of the folder is called in the file.</summary>
    public string ToFile(string name)
    {
        for (int end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
        {
            if (_inFile.TryGetValue(name[..end], out string? file))
            {
                return file + name[end..];
            }
        }

        return name;
    }

    private void Add(string file, params TensorPlace[] places)
    {
        _inFolder.Add(file, places);
        foreach (TensorPlace place in places)
        {
            _inFile.TryAdd(place.Name, file);
        }
    }
}

/// <summary>A tensor of a folder, and what of a tensor in a file it is.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Take">What it takes.</param>
internal sealed record TensorPlace(string Name, TensorTake Take)
{
    /// <summary>The tensor of the folder, as bytes of the file.</summary>
    /// <param name="entry">The tensor in the file.</param>
    /// <exception cref="BadInputException">It has no thirds, or is no matrix.</exception>
    public TensorEntry Of(TensorEntry entry) => Take switch
    {
        TensorTake.Whole => entry with { Name = Name },
        TensorTake.Transposed => entry.Shape is [long rows, long columns]
            ? entry with { Name = Name, Shape = [columns, rows], Source = $"{entry.Source} transposed", IsTransposed = true }
            : throw Misshapen(entry, "should be a matrix"),
        _ => entry.Shape is [long rows, ..] && rows % 3 == 0
            ? entry with
            {
                Name = Name,
                Shape = [rows / 3, .. entry.Shape.Skip(1)],
                Source = $"{entry.Source} {Take}",
                Offset = entry.Offset + (entry.ByteCount / 3 * (Take - TensorTake.FirstThird)),
                ByteCount = entry.ByteCount / 3,
            }
            : throw Misshapen(entry, "should have three times as many rows as one of query, key and value"),
    };

    private static BadInputException Misshapen(TensorEntry entry, string right)
        => new($"tensor '{entry.Source}' is [{string.Join(", ", entry.Shape)}]; it {right}");
}

/// <summary>What of a tensor is taken.</summary>
internal enum TensorTake
{
    Whole,
    Transposed,
    FirstThird,
    SecondThird,
    LastThird,
}
