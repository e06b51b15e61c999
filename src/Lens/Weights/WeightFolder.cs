using DiffusionLens.Configs;

namespace DiffusionLens.Weights;

/// <summary>
/// The folder of a part. Here alone is decided which of its files are read, and said why the others are not.
/// </summary>
internal sealed class WeightFolder
{
    private const string PickleReason = "a pickle: reading one can run any code that is in it, so it is not opened";

    private readonly string _path;
    private readonly string[] _names;
    private readonly WeightFileName[] _weights;

    private WeightFolder(string path, string[] names)
    {
        _path = path;
        _names = names;
        _weights = [.. names.Select(WeightFileName.Parse).OfType<WeightFileName>()];
    }

    /// <summary>The variants that are there, such as <c>fp16</c>, each once.</summary>
    internal IReadOnlyList<string> Variants
        => [.. Sets.Select(set => set.Variant).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether there is nothing that holds weights, of any program.</summary>
    internal bool IsEmpty
        => _weights.Length == 0 && !Array.Exists(_names, name => ForeignFile.IsPickle(name) || ForeignFile.OwnerOf(name) is not null);

    private IEnumerable<WeightFileName> Sets => _weights.Where(file => file.Form != WeightForm.Shard);

    /// <exception cref="BadInputException">There is no such folder.</exception>
    internal static WeightFolder Read(string path) => Directory.Exists(path)
        ? new WeightFolder(path, FolderWalk.Files(path))
        : throw new BadInputException($"{path}: there is no such folder; weights are expected in it");

    /// <summary>Whether there are weights of a variant, in any letter case.</summary>
    internal bool HasVariant(string variant) => Variants.Contains(variant, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The weights of the variant that was asked for, else those without one, else those of the one variant that there is. An index none
    /// of whose shards is there, as downloads of a variant bring it along, holds no weights.
    /// </summary>
    /// <param name="variant">The variant asked for, in any letter case, or null.</param>
    /// <exception cref="BadInputException">There are none, only pickled ones, several to choose from, or the index is not in
    /// order.</exception>
    internal WeightLocation Choose(string? variant)
    {
        WeightFileName? asked = variant is null ? null : OfVariant(variant);
        WeightSet chosen = SetOf(asked ?? OfVariant(null) ?? OfOnlyVariant() ?? throw Nothing());
        if (asked is null && chosen.HasNone && OfOnlyVariant() is { } only && SetOf(only) is { IsWhole: true } whole)
        {
            chosen = whole;
        }

        if (!chosen.IsWhole)
        {
            throw Lacking(chosen);
        }

        IgnoredItem[] ignored = [.. IgnoredBeside(chosen.Name, chosen.Files, isAsked: asked is not null)];
        return new WeightLocation(_path, chosen.Files, chosen.Index, chosen.Name.Variant, ignored);
    }

    private WeightSet SetOf(WeightFileName name)
    {
        IReadOnlyDictionary<string, string> index =
            name.Form == WeightForm.Index ? WeightLocation.ReadIndex(_path, name.File) : new Dictionary<string, string>();
        string[] files = index.Count > 0 ? [.. index.Values.Distinct().Order(StringComparer.Ordinal)] : [name.File];
        return new WeightSet(name, index, files, Array.FindAll(files, file => !File.Exists(Path.Combine(_path, file))));
    }

    /// <summary>One whole file before shards, which hold the same.</summary>
    private WeightFileName? OfVariant(string? variant) => Sets
        .Where(file => string.Equals(file.Variant, variant, StringComparison.OrdinalIgnoreCase))
        .OrderBy(file => file.Variant == variant ? 0 : 1)
        .ThenBy(file => Array.IndexOf(WeightFileName.Stems, file.Stem))
        .ThenBy(file => file.Form)
        .FirstOrDefault();

    /// <summary>Of <c>fp16</c> beside <c>non_ema</c> the former, which is only another type of the plain weights.</summary>
    private WeightFileName? OfOnlyVariant()
    {
        string[] precisions =
        [
            .. Sets.Where(file => file.IsOtherPrecision).Select(file => file.Variant!).Distinct(StringComparer.OrdinalIgnoreCase),
        ];
        return Variants is [string only] ? OfVariant(only) : precisions is [string precision] ? OfVariant(precision) : null;
    }

    private IEnumerable<IgnoredItem> IgnoredBeside(WeightFileName chosen, string[] taken, bool isAsked)
        => from name in _names
           where name != chosen.File && !taken.Contains(name)
           let reason = WeightFileName.Parse(name) is { } weights ? ReasonAgainst(weights, chosen, isAsked) : ReasonAgainst(name)
           where reason is not null
           select new IgnoredItem(name, reason);

    private static string ReasonAgainst(WeightFileName file, WeightFileName chosen, bool isAsked)
        => string.Equals(file.Variant, chosen.Variant, StringComparison.OrdinalIgnoreCase) ? $"{chosen.File} is taken"
            : file.Variant is null && isAsked ? $"variant {chosen.Variant} was asked for"
            : file.Variant is null ? $"not all of the plain weights are there; variant {chosen.Variant} is taken"
            : file.IsOtherPrecision ? $"another type of the weights; --variant {file.Variant} takes it"
            : $"other weights; --variant {file.Variant} takes them";

    private static string? ReasonAgainst(string name)
        => ForeignFile.IsPickle(name) ? PickleReason
            : ForeignFile.OwnerOf(name) is { } owner ? $"{owner} weights"
            : Path.GetExtension(name) == WeightFileName.Extension ? "not a name that weights of a part have"
            : null;

    /// <summary>To get many gigabytes is not the only way where another variant is whole.</summary>
    private BadInputException Lacking(WeightSet set)
    {
        string? other = Variants.FirstOrDefault(variant => variant != set.Name.Variant && SetOf(OfVariant(variant)!).IsWhole);
        return new BadInputException(
            $"{Path.Combine(_path, set.Name.File)}: {set.Missing.Length} of {set.Files.Length} shards are not there: "
            + $"{string.Join(", ", set.Missing)}; get them from where the index came from"
            + (other is null ? "" : $", or take the variant that is there: --variant {other}"));
    }

    private BadInputException Nothing()
    {
        if (Variants.Count > 1)
        {
            return new BadInputException(
                $"{_path}: has weights only as variants {string.Join(", ", Variants)}; choose one, such as --variant {Variants[0]}");
        }

        if (Array.Find(_weights, file => file.Form == WeightForm.Shard) is { } shard)
        {
            return new BadInputException(
                $"{_path}: has shards ({shard.File}), but not {shard.Stem}{WeightFileName.Extension}.index.json, "
                + "which says what is in them");
        }

        if (Array.Find(_names, ForeignFile.IsPickle) is { } pickle)
        {
            return new BadInputException(
                $"{Path.Combine(_path, pickle)}: is a pickle, and reading a pickle can run any code that is in it, so it is not opened; "
                + "get the model's .safetensors files, or make them with diffusers: "
                + "from_pretrained(...), then save_pretrained(..., safe_serialization=True)");
        }

        string[] foreign =
        [
            .. from name in _names where ForeignFile.OwnerOf(name) is not null select $"{name} ({ForeignFile.OwnerOf(name)})",
        ];
        return new BadInputException(
            $"{_path}: has no {string.Join(" or ", WeightFileName.Stems.Select(stem => stem + WeightFileName.Extension))}, "
            + "whole or with an index of shards"
            + (foreign.Length == 0 ? "" : $", only other programs' weights: {string.Join(", ", foreign)}"));
    }

    /// <summary>Weights that are read together.</summary>
    /// <param name="Name">The file or index that stands for them.</param>
    /// <param name="Index">The file of each tensor, where an index says it.</param>
    /// <param name="Files">All of them.</param>
    /// <param name="Missing">Those that are not there.</param>
    private sealed record WeightSet(
        WeightFileName Name, IReadOnlyDictionary<string, string> Index, string[] Files, string[] Missing)
    {
        public bool IsWhole => Missing.Length == 0;

        public bool HasNone => Missing.Length == Files.Length;
    }
}
