using static TorchSharp.torch;

namespace DiffusionLens.Weights;

/// <summary>
/// The weights of one part of a model (a UNet, a text encoder, ...): one safetensors file, or several with an index beside them, under the
/// names that diffusers and transformers give them.
/// </summary>
public sealed class WeightFiles : IDisposable
{
    private readonly WeightLocation _location;
    private readonly IReadOnlyList<SafetensorsFile> _files;
    private readonly Dictionary<string, SafetensorsFile> _fileOf = [];

    private WeightFiles(WeightLocation location, IReadOnlyList<SafetensorsFile> files)
    {
        _location = location;
        _files = files;
        foreach (SafetensorsFile file in files)
        {
            foreach (string name in file.Entries.Keys)
            {
                if (!_fileOf.TryAdd(name, file))
                {
                    throw new BadInputException($"{file.Path}: tensor '{name}' is in {Path.GetFileName(_fileOf[name].Path)} too");
                }
            }
        }

        foreach ((string name, string file) in location.Index)
        {
            if (!_fileOf.TryGetValue(name, out SafetensorsFile? holder) || Path.GetFileName(holder.Path) != file)
            {
                throw new BadInputException($"{Path.Combine(location.Folder, file)}: lacks tensor '{name}', which the index says it has");
            }
        }
    }

    /// <summary>The variant that was found, such as <c>fp16</c>; null for plain names.</summary>
    public string? Variant => _location.Variant;

    /// <summary>Every tensor, by the name it has in the files.</summary>
    public IEnumerable<TensorEntry> Entries => _fileOf.Select(pair => pair.Value.Entries[pair.Key]);

    /// <summary>
    /// Opens <c>model.safetensors</c> or <c>diffusion_pytorch_model.safetensors</c>, or the shards that its <c>.index.json</c> names.
    /// </summary>
    /// <param name="folder">The part's folder.</param>
    /// <param name="variant">
    /// The variant to take, such as <c>fp16</c> for <c>model.fp16.safetensors</c>; where the folder has none of it, the plain names are
    /// taken, as diffusers does (<see cref="Variant"/> tells).
    /// </param>
    /// <exception cref="BadInputException">No such file, only pickled ones, a shard is missing, or a file is not in order.</exception>
    public static WeightFiles Open(string folder, string? variant = null)
    {
        WeightLocation location = WeightLocation.Find(folder, variant);
        List<SafetensorsFile> files = [];
        try
        {
            foreach (string file in location.Files)
            {
                files.Add(SafetensorsFile.Open(Path.Combine(folder, file)));
            }

            return new WeightFiles(location, files);
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    /// <summary>
    /// Copies every tensor into the parameter or buffer of its name, converted to its type. Names and shapes must fit exactly, except for
    /// what is known of old published files (<see cref="CheckpointKeys"/>). Nothing is copied unless all of it fits.
    /// </summary>
    /// <param name="module">The module to fill, in memory (not on the meta device).</param>
    /// <exception cref="BadInputException">Tensors are missing, unknown, or of another shape or type; the message names them.</exception>
    public void LoadInto(nn.Module module)
    {
        foreach ((TensorEntry entry, Tensor place) in Copies(module))
        {
            CopyTo(entry.Name, place);
        }
    }

    /// <summary>Whether <see cref="LoadInto"/> would work, without reading any values.</summary>
    /// <param name="module">The module, which may be on the meta device.</param>
    /// <exception cref="BadInputException">Tensors are missing, unknown, or of another shape or type; the message names them.</exception>
    public void Check(nn.Module module) => Copies(module);

    /// <summary>
    /// What a module would be filled with, as one hash: of each tensor that it takes the name it has today, type, shape and bytes. How the
    /// tensors are spread over files, what else is in these, and their metadata do not enter.
    /// </summary>
    /// <param name="module">The module, which may be on the meta device.</param>
    /// <param name="cache">What is known of the files from before.</param>
    /// <returns>64 hexadecimal digits.</returns>
    /// <exception cref="BadInputException">Tensors are missing, unknown, or of another shape or type; the message names them.</exception>
    public string Digest(nn.Module module, DigestCache cache)
    {
        TensorEntry[] taken = [.. Copies(module).Select(copy => copy.Entry)];
        Dictionary<SafetensorsFile, IReadOnlyDictionary<string, string>> digests = taken
            .GroupBy(entry => _fileOf[entry.Name], entry => entry.Name)
            .ToDictionary(file => file.Key, file => cache.DigestsOf(file.Key, [.. file]));
        return ContentHash.Of(taken.Select(Line).Order(StringComparer.Ordinal));

        string Line(TensorEntry entry)
        {
            string name = CheckpointKeys.Today(entry.Name);
            string shape = string.Join(',', CheckpointKeys.TodaysShape(name, entry.Shape));
            return $"{name} {SafetensorsType.Of(entry.DType)!.Name} [{shape}] {digests[_fileOf[entry.Name]][entry.Name]}";
        }
    }

    /// <summary>Copies one tensor into a place of its shape, converted to its type.</summary>
    internal void CopyTo(string name, Tensor place) => _fileOf[name].CopyTo(name, place);

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (SafetensorsFile file in _files)
        {
            file.Dispose();
        }
    }

    /// <summary>Which tensor goes where; all of them fit.</summary>
    private List<(TensorEntry Entry, Tensor Place)> Copies(nn.Module module)
    {
        Dictionary<string, Tensor> places = PlacesOf(module);
        List<(TensorEntry Entry, Tensor Place)> copies = [];
        List<string> unknown = [], misfits = [];
        foreach (TensorEntry entry in Entries)
        {
            if (CheckpointKeys.Twin(entry.Name) is { } twin && _fileOf.ContainsKey(twin))
            {
                continue;
            }

            string name = CheckpointKeys.Today(entry.Name);
            if (places.Remove(name, out Tensor? place))
            {
                copies.Add((entry, place));
                misfits.AddRange(Misfit(entry, name, place));
            }
            else if (!CheckpointKeys.IsNoWeight(entry.Name) && (module as IPartlyLoaded)?.LeavesOut(name) != true)
            {
                unknown.Add(entry.Name);
            }
        }

        string[] errors =
        [
            .. Listed(places.Keys, "missing"),
            .. Listed(unknown, "unknown to it"),
            .. Listed(misfits, "of another shape or type"),
        ];
        if (errors.Length > 0)
        {
            throw new BadInputException(
                $"{_location.Folder}: these are no weights for this {module.GetName()}: {string.Join("; ", errors)}; "
                + "is its config.json the one that belongs to them?");
        }

        return copies;
    }

    /// <summary>
    /// Parameters and buffers under the names they were registered with. (TorchSharp's <c>state_dict</c> has them twice where a module
    /// keeps a registered child in a field: it registers fields by itself.)
    /// </summary>
    private static Dictionary<string, Tensor> PlacesOf(nn.Module module) =>
        module.named_parameters().Select(named => (named.name, (Tensor)named.parameter)).Concat(module.named_buffers()).ToDictionary();

    private static IEnumerable<string> Misfit(TensorEntry entry, string name, Tensor place)
    {
        if (!CheckpointKeys.TodaysShape(name, entry.Shape).SequenceEqual(place.shape))
        {
            yield return $"{entry.Name} is [{string.Join(", ", entry.Shape)}], should be [{string.Join(", ", place.shape)}]";
        }
        else if (is_floating_point(entry.DType) != is_floating_point(place.dtype))
        {
            yield return $"{entry.Name} is {entry.DType}, should be {place.dtype}";
        }
    }

    private static IEnumerable<string> Listed(IReadOnlyCollection<string> tensors, string what)
    {
        const int Shown = 3;
        if (tensors.Count > 0)
        {
            string more = tensors.Count > Shown ? $", and {tensors.Count - Shown} more" : "";
            yield return $"{tensors.Count} tensor{(tensors.Count == 1 ? "" : "s")} {what} ({string.Join(", ", tensors.Take(Shown))}{more})";
        }
    }
}
