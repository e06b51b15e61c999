namespace DiffusionLens.Weights.SingleFiles;

/// <summary>A part of a model that lies in a single file.</summary>
/// <param name="Name">What its folder is called, such as <c>unet</c>.</param>
/// <param name="Prefixes">What its tensors' names begin with in the file: one of these.</param>
/// <param name="Names">What its modules are called.</param>
internal sealed record SingleFilePart(string Name, IReadOnlyList<string> Prefixes, ModuleNames Names)
{
    /// <summary>What to do where tensors do not fit.</summary>
    public const string ShapeAdvice = "of a model of another shape than the published ones, give the configs with --config FOLDER";

    private readonly Dictionary<string, TensorEntry> _entries = [];

    /// <summary>The shape in the folder of a tensor with that name and that shape in the file.</summary>
    public Func<string, IReadOnlyList<long>, IReadOnlyList<long>> Reshape { get; init; } = (_, shape) => shape;

    /// <summary>What a tensor is that the part does not take, by its name without prefix; null where it should not be there.</summary>
    public Func<string, string?> Ignored { get; init; } = _ => null;

    /// <summary>Its tensors under the folder's names, as bytes of the file.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Entries => _entries;

    /// <summary>Gives a tensor of the file its place.</summary>
    /// <param name="name">Its name without prefix.</param>
    /// <param name="entry">The tensor.</param>
    /// <returns>Whether there is such a place.</returns>
    /// <exception cref="BadInputException">The place is taken, or the tensor has no fitting shape.</exception>
    public bool Take(string name, TensorEntry entry)
    {
        IReadOnlyList<TensorPlace> places = Names.ToFolder(name);
        foreach (TensorEntry placed in places.Select(place => place.Of(entry)))
        {
            if (!_entries.TryAdd(placed.Name, placed with { Shape = Reshape(placed.Name, placed.Shape) }))
            {
                throw new BadInputException($"tensor '{entry.Source}' is there twice, as '{_entries[placed.Name].Source}' too");
            }
        }

        return places.Count > 0;
    }

    /// <summary>What a tensor of the folder is called in the file.</summary>
    public string NameInFile(string name) => Prefixes[0] + Names.ToFile(name);
}
