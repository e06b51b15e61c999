using System.Diagnostics;
using DiffusionLens.Runtime;
using DiffusionLens.Weights.SingleFiles;
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
    private readonly SingleFilePart? _part;

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

    /// <summary>The files' names.</summary>
    internal IReadOnlyList<string> Files => _location.Files;

    /// <summary>What else lies beside them that could be taken for weights, and why it is not read.</summary>
    internal IReadOnlyList<IgnoredItem> IgnoredFiles => _location.Ignored;

    /// <summary>Every tensor, by the name it has in the files.</summary>
    public IEnumerable<TensorEntry> Entries => _fileOf.Select(pair => pair.Value.Entries[pair.Key]);

    /// <summary>
    /// Opens <c>model.safetensors</c> or <c>diffusion_pytorch_model.safetensors</c>, or the shards that its <c>.index.json</c> names.
    /// </summary>
    /// <param name="folder">The part's folder.</param>
    /// <param name="variant">
    /// The variant to take, such as <c>fp16</c> for <c>model.fp16.safetensors</c>, in any letter case; where the folder has none of it, the
    /// plain names are taken, as diffusers does, and where there are none of these the one variant that there is (<see cref="Variant"/>
    /// tells).
    /// </param>
    /// <exception cref="BadInputException">No such file, only pickled ones, a shard is missing, or a file is not in order.</exception>
    public static WeightFiles Open(string folder, string? variant = null)
    {
        WeightLocation location = WeightFolder.Read(folder).Choose(variant);
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

    /// <summary>Opens a part of a model that lies in a single file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="part">The part, with its tensors.</param>
    /// <exception cref="BadInputException">The file is not in order.</exception>
    internal static WeightFiles Open(string path, SingleFilePart part) => new(path, part);

    private WeightFiles(string path, SingleFilePart part)
        : this(
            new WeightLocation(path, [Path.GetFileName(path)], new Dictionary<string, string>(), null, []),
            [SafetensorsFile.Open(path, part.Entries)])
        => _part = part;

    /// <summary>
    /// Copies every tensor into the parameter or buffer of its name, converted to its type. Names and shapes must fit exactly, except for
    /// what is known of old published files (<see cref="CheckpointKeys"/>). Nothing is copied unless all of it fits.
    /// </summary>
    /// <param name="module">The module to fill, in memory (not on the meta device).</param>
    /// <exception cref="BadInputException">
    /// Tensors are missing, unknown, or of another shape or type, or a file was cut off meanwhile; the message names them.
    /// </exception>
    public void LoadInto(nn.Module module)
    {
        IReadOnlyList<Copy> copies = Fitted(module).Copies;
        NativeRuntime.LeaveNnpackAlone();
        HugePages.AskFor(copies.Select(copy => copy.Place));
        TensorPiece.FillAll(
            from copy in copies
            group copy by _fileOf[copy.Entry.Name] into file
            from copy in file.OrderBy(copy => copy.Entry.Offset)
            from piece in TensorPiece.Of(file.Key, copy.Entry, copy.Place)
            select piece);
    }

    /// <summary>The config of the part, which errors blame; null where it is not known.</summary>
    internal Func<ConfigBlame>? Config { get; set; }

    /// <summary>
    /// A network's shapes, without memory. It is not built much further than it could be filled from these files: far enough to say what
    /// is missing.
    /// </summary>
    /// <param name="build">Builds it.</param>
    /// <exception cref="BadInputException">It has many more tensors than there are.</exception>
    internal T Shaped<T>(Func<Placement, T> build)
        where T : nn.Module
    {
        const int Few = 64;
        try
        {
            return build(Placement.Meta with { Limit = new TensorLimit((2 * _fileOf.Count) + Few) });
        }
        catch (TensorLimit.ExceededException)
        {
            throw new BadInputException(Config?.Invoke().OfSize(_fileOf.Count)
                ?? $"{_location.Folder}: these are no weights for this {typeof(T).Name}, which has more than {_fileOf.Count} tensors");
        }
    }

    /// <summary>Whether <see cref="LoadInto"/> would work, without reading any values.</summary>
    /// <param name="module">The module, which may be on the meta device.</param>
    /// <exception cref="BadInputException">Tensors are missing, unknown, or of another shape or type; the message names them.</exception>
    public void Check(nn.Module module) => Fitted(module);

    /// <summary>
    /// The tensors that a module takes, and those that it leaves in the files: what published files are known to have beside weights.
    /// </summary>
    /// <param name="module">The module, which may be on the meta device.</param>
    /// <exception cref="BadInputException">Tensors are missing, unknown, or of another shape or type; the message names them.</exception>
    internal WeightUse UseBy(nn.Module module)
    {
        Fit fit = Fitted(module);
        return new WeightUse([.. fit.Copies.Select(copy => copy.Entry)], fit.Ignored);
    }

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
        using Activity? activity = LensActivity.Start("hash");
        IReadOnlyList<Copy> taken = Fitted(module).Copies;
        Dictionary<SafetensorsFile, IReadOnlyDictionary<string, string>> digests = taken
            .GroupBy(copy => _fileOf[copy.Entry.Name], copy => copy.Entry.Name)
            .ToDictionary(file => file.Key, file => cache.DigestsOf(file.Key, [.. file]));
        return ContentHash.Of(taken.Select(Line).Order(StringComparer.Ordinal));

        string Line(Copy copy)
        {
            TensorEntry entry = copy.Entry;
            string shape = string.Join(',', CheckpointKeys.TodaysShape(copy.Name, entry.Shape));
            return $"{copy.Name} {SafetensorsType.Of(entry.DType)!.Name} [{shape}] {digests[_fileOf[entry.Name]][entry.Source]}";
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
    private Fit Fitted(nn.Module module)
    {
        Dictionary<string, Tensor> places = PlacesOf(module);
        HashSet<string> names = [.. places.Keys];
        List<Copy> copies = [];
        List<IgnoredItem> ignored = [];
        List<string> unknown = [], mistyped = [];
        List<ShapeMisfit> misshapen = [];
        string[] built = [.. names];
        foreach (TensorEntry entry in Entries)
        {
            if (CheckpointKeys.Twin(entry.Name) is { } twin && _fileOf.ContainsKey(twin))
            {
                ignored.Add(new IgnoredItem(entry.Name, $"the same as {twin}"));
                continue;
            }

            string name = CheckpointKeys.Today(entry.Name);
            if (places.Remove(name, out Tensor? place))
            {
                copies.Add(new Copy(entry, name, place));
                if (!CheckpointKeys.TodaysShape(name, entry.Shape).SequenceEqual(place.shape))
                {
                    misshapen.Add(new ShapeMisfit(entry.Source, entry.Shape, place.shape));
                }
                else if (is_floating_point(entry.DType) != is_floating_point(place.dtype))
                {
                    mistyped.Add($"{entry.Source} is {entry.DType}, should be {place.dtype}");
                }
            }
            else if ((CheckpointKeys.ReasonToIgnore(name, names) ?? LeftOut(module, name)) is { } reason)
            {
                ignored.Add(new IgnoredItem(entry.Name, reason));
            }
            else
            {
                unknown.Add(entry.Source);
            }
        }

        if (places.Count + unknown.Count + misshapen.Count > 0
            && Config?.Invoke() is { } config
            && (config.OfBlocks(built, places.Keys, [.. unknown.Select(CheckpointKeys.Today)]) ?? config.OfShapes(misshapen)) is { } blame)
        {
            throw new BadInputException(blame);
        }

        string[] errors =
        [
            .. Listed([.. places.Keys.Select(name => _part?.NameInFile(name) ?? name)], "missing"),
            .. Listed(unknown, "unknown to it"),
            .. Listed([.. misshapen.Select(misfit => misfit.ToString()), .. mistyped], "of another shape or type"),
        ];
        return errors.Length == 0 ? new Fit(copies, ignored) : throw new BadInputException(
            $"{_location.Folder}: these are no weights for this {module.GetName()}: {string.Join("; ", errors)}; "
            + (_part is null ? "is its config.json the one that belongs to them?" : SingleFilePart.ShapeAdvice));
    }

    private static string? LeftOut(nn.Module module, string name)
        => (module as IPartlyLoaded)?.LeavesOut(name) == true ? "nothing that is read needs it" : null;

    /// <summary>
    /// Parameters and buffers under the names they were registered with. (TorchSharp's <c>state_dict</c> has them twice where a module
    /// keeps a registered child in a field: it registers fields by itself.)
    /// </summary>
    private static Dictionary<string, Tensor> PlacesOf(nn.Module module) =>
        module.named_parameters().Select(named => (named.name, (Tensor)named.parameter)).Concat(module.named_buffers()).ToDictionary();

    private static IEnumerable<string> Listed(List<string> tensors, string what)
    {
        const int Shown = 3;
        if (tensors.Count > 0)
        {
            string more = tensors.Count > Shown ? $", and {tensors.Count - Shown} more" : "";
            yield return $"{tensors.Count} tensor{(tensors.Count == 1 ? "" : "s")} {what} ({string.Join(", ", tensors.Take(Shown))}{more})";
        }
    }

    /// <summary>A tensor of the files, and where it goes.</summary>
    /// <param name="Entry">The tensor.</param>
    /// <param name="Name">The name it has today.</param>
    /// <param name="Place">The parameter or buffer of that name.</param>
    private sealed record Copy(TensorEntry Entry, string Name, Tensor Place);

    private sealed record Fit(IReadOnlyList<Copy> Copies, IReadOnlyList<IgnoredItem> Ignored);
}
