using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionLens;
using Experiments.Files;
using Experiments.Results;

namespace Experiments.Answers.Vision;

/// <summary>
/// What models said, in <c>vlm.replies.jsonl</c> of a results folder: each line is on the disk before the next answer is taken, so that
/// nothing is asked twice, however a run ended.
/// </summary>
internal sealed class ReplyCache : IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private readonly string _path;
    private readonly Dictionary<string, StoredReply> _replies = [];
    private readonly Lock _lock = new();
    private FileStream? _file;

    private ReplyCache(string path) => _path = path;

    /// <summary>Reads what is there. Lines that a stop cut off, or that are something else, count as not there.</summary>
    /// <exception cref="BadInputException">The file cannot be read.</exception>
    public static ReplyCache Open(ResultsFolder folder)
    {
        ReplyCache cache = new(folder.VisionReplies);
        if (File.Exists(cache._path))
        {
            foreach (string line in System.Text.Encoding.UTF8.GetString(Utf8Text.ReadBytes(cache._path)).Split('\n'))
            {
                if (Parse(line) is { } reply)
                {
                    cache._replies[reply.Key] = reply;
                }
            }
        }

        return cache;
    }

    /// <summary>By what a reply is found again.</summary>
    /// <param name="settings">The model and how it is asked.</param>
    /// <param name="text">What it is asked.</param>
    /// <param name="imageHash">The image's pixels.</param>
    public static string KeyOf(VisionSettings settings, string text, string imageHash) =>
        Fingerprint.Of(settings.ReplySha256, text, imageHash);

    /// <summary>What was said, or null.</summary>
    public StoredReply? Find(string key) => _replies.GetValueOrDefault(key);

    /// <summary>Keeps what was said. Several may do so at the same time.</summary>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public void Add(StoredReply reply)
    {
        lock (_lock)
        {
            try
            {
                _file ??= OpenForAppending();
                _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(reply, Json), (byte)'\n']);
                _file.Flush(flushToDisk: true);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw AtomicFile.Unwritable(_path, problem);
            }

            _replies[reply.Key] = reply;
        }
    }

    public void Dispose() => _file?.Dispose();

    // What a stop cut off keeps a line of its own.
    private FileStream OpenForAppending()
    {
        FileStream file = new(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (file.Length > 0)
        {
            file.Seek(-1, SeekOrigin.End);
            if (file.ReadByte() != '\n')
            {
                file.WriteByte((byte)'\n');
            }
        }

        return file;
    }

    private static StoredReply? Parse(string line)
    {
        try
        {
            return line.Length > 0 ? JsonSerializer.Deserialize<StoredReply>(line, Json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
