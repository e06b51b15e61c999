using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Weights;

/// <summary>
/// SHA-256 of tensors' bytes, kept from run to run: those of a file hold as long as its path, size and time of change do. A cache that is
/// not there or cannot be read is an empty one; then all is hashed again. Not for use from several threads at once.
/// </summary>
public sealed class DigestCache
{
    private const int Version = 1, DigestDigits = 2 * SHA256.HashSizeInBytes;

    private readonly Dictionary<string, HashedFile> _files;

    private DigestCache(Dictionary<string, HashedFile> files) => _files = files;

    /// <summary>An empty cache.</summary>
    public DigestCache()
        : this([])
    {
    }

    /// <summary>Whether something was hashed that was not in the cache when it was loaded.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>Reads a cache's file.</summary>
    /// <param name="path">The file; it need not be there.</param>
    public static DigestCache Load(string path)
    {
        try
        {
            if (FileStatus.Of(path).Kind != FileKind.File)
            {
                return new DigestCache();
            }

            using FileStream stream = File.OpenRead(path);
            return Load(stream);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new DigestCache();
        }
    }

    /// <summary>Reads a cache.</summary>
    /// <param name="stream">What <see cref="Save(Stream)"/> wrote, or anything else.</param>
    public static DigestCache Load(Stream stream)
    {
        try
        {
            CacheFile? saved = JsonSerializer.Deserialize<CacheFile>(stream);
            return saved is { Version: Version, Files: not null }
                ? new DigestCache(saved.Files.Where(IsWhole).ToDictionary())
                : new DigestCache();
        }
        catch (JsonException)
        {
            return new DigestCache();
        }
    }

    /// <summary>Writes the cache, whole or not at all.</summary>
    /// <param name="path">The file to have; its folder is there.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path) => OutputFile.Write(path, Save);

    /// <summary>Writes the cache as JSON.</summary>
    public void Save(Stream stream) => JsonSerializer.Serialize(stream, new CacheFile(Version, _files));

    /// <summary>
    /// The digests of tensors of a file, by what they are in it (<see cref="TensorEntry.Source"/>); what is not known is hashed, on all
    /// cores.
    /// </summary>
    /// <param name="file">An open file.</param>
    /// <param name="names">Tensors of it.</param>
    internal IReadOnlyDictionary<string, string> DigestsOf(SafetensorsFile file, IReadOnlyCollection<string> names)
    {
        FileInfo info = new(File.ResolveLinkTarget(file.Path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file.Path));
        HashedFile now = new(info.Length, info.LastWriteTimeUtc.Ticks, []);
        HashedFile known = _files.TryGetValue(info.FullName, out HashedFile? before) && before.IsOf(now) ? before : now;

        string[] unknown = [.. names.Where(name => !known.Tensors.ContainsKey(file.Entries[name].Source))];
        if (unknown.Length > 0)
        {
            foreach ((string name, string digest) in Hashed(file, unknown))
            {
                known.Tensors.Add(file.Entries[name].Source, digest);
            }

            _files[info.FullName] = known;
            HasChanged = true;
        }

        return known.Tensors;
    }

    private static (string Name, string Digest)[] Hashed(SafetensorsFile file, string[] names)
    {
        try
        {
            return [.. names.AsParallel().AsOrdered().Select(name => (name, file.Sha256Of(name)))];
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
            throw;
        }
    }

    private static bool IsWhole(KeyValuePair<string, HashedFile> file)
        => file.Value?.Tensors?.Values.All(digest => digest?.Length == DigestDigits && digest.All(char.IsAsciiHexDigitLower)) == true;

    /// <summary>What is known of a file.</summary>
    /// <param name="Size">Its bytes.</param>
    /// <param name="Changed">When it was last written: ticks, UTC.</param>
    /// <param name="Tensors">SHA-256 of tensors' bytes, by name.</param>
    private sealed record HashedFile(long Size, long Changed, Dictionary<string, string> Tensors)
    {
        public bool IsOf(HashedFile file) => (Size, Changed) == (file.Size, file.Changed);
    }

    private sealed record CacheFile(int Version, Dictionary<string, HashedFile> Files);
}
