using DiffusionLens;
using Experiments.Files;

namespace Experiments.Results;

/// <summary>
/// Who works in a results folder: one process with all of it, or several with a shard each. Whoever comes second is told who holds it. The
/// claim of a process that is gone is taken over: of one that could be seen from here at once, of another machine's or container's when it
/// has given no sign for <see cref="ClaimTimes.Gone"/>.
/// </summary>
internal sealed class FolderClaim : IDisposable
{
    private const string Name = ".claim", OfShard = ".claim-";

    private readonly ResultsFolder _folder;
    private readonly ClaimFile _file;
    private readonly ClaimHolder _holder;
    private readonly Timer _beats;
    private readonly Lock _beating = new();
    private bool _isOver;
    private volatile bool _isLost;

    private FolderClaim(ResultsFolder folder, ClaimFile file, ClaimHolder holder, ClaimTimes times)
    {
        (_folder, _file, _holder) = (folder, file, holder);
        _beats = new Timer(_ => Beat(), state: null, times.Beat, times.Beat);
    }

    /// <summary>Takes a folder with all that is in it: for whoever writes answers, measures, figures, a report or the manifest.</summary>
    /// <param name="folder">The folder; made where it is not there.</param>
    /// <param name="tell">Told in a line whose claim is waited for or was taken over.</param>
    /// <param name="times">How long to wait for a sign.</param>
    /// <param name="cancellation">Ends waiting.</param>
    /// <exception cref="BadInputException">Somebody else holds it or a shard of it, or the folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FolderClaim Take(
        ResultsFolder folder, Action<string>? tell = null, ClaimTimes? times = null, CancellationToken cancellation = default) =>
        Within(folder, () =>
        {
            Claiming claiming = new(folder, tell, times ?? ClaimTimes.Default, cancellation);
            FolderClaim claim = claiming.Take(new ClaimFile(folder.In(Name)), isPassing: false, held: WholeHeld);
            try
            {
                foreach (string shard in Directory.EnumerateFiles(folder.Path, OfShard + "*").Where(IsShard))
                {
                    claiming.RequireGone(new ClaimFile(shard), ShardHeld(shard));
                }

                Leftovers.RemoveAll(folder.Path);
                return claim;
            }
            catch
            {
                claim.Dispose();
                throw;
            }
        });

    /// <summary>Takes one shard of a folder, beside others that take theirs: for whoever makes images alone.</summary>
    /// <param name="folder">The folder; made where it is not there.</param>
    /// <param name="shard">The shard's name, such as <c>0003-of-0064</c>.</param>
    /// <param name="tell">Told in a line whose claim is waited for or was taken over.</param>
    /// <param name="times">How long to wait for a sign.</param>
    /// <param name="cancellation">Ends waiting.</param>
    /// <exception cref="BadInputException">Somebody else holds the shard or the whole folder, or it cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FolderClaim TakeShard(
        ResultsFolder folder,
        string shard,
        Action<string>? tell = null,
        ClaimTimes? times = null,
        CancellationToken cancellation = default) =>
        Within(folder, () =>
        {
            // While the whole is held for a moment, nobody can take it for good.
            Claiming claiming = new(folder, tell, times ?? ClaimTimes.Default, cancellation);
            using FolderClaim whole = claiming.Take(new ClaimFile(folder.In(Name)), isPassing: true, WholeHeld);
            string file = folder.In(OfShard + shard);
            return claiming.Take(new ClaimFile(file), isPassing: false, ShardHeld(file));
        });

    /// <summary>Who works in a folder now, in words; null where nobody does.</summary>
    public static string? HolderOf(ResultsFolder folder) => Directory.Exists(folder.Path)
        ? Directory.EnumerateFiles(folder.Path, Name + "*").Where(file => Path.GetFileName(file) == Name || IsShard(file))
            .Select(file => new ClaimFile(file).Read()?.Holder)
            .FirstOrDefault(holder => holder is not null && holder.Process.Runs() != false)?.ToString()
        : null;

    /// <summary>Makes sure that the claim still is this process's.</summary>
    /// <exception cref="BadInputException">Another process took it over, because this one gave no sign for minutes.</exception>
    public void RequireHeld()
    {
        Beat();
        if (_isLost)
        {
            throw new BadInputException(
                $"{_folder}: {new ClaimFile(_file.Path).Read()?.Holder?.ToString() ?? "somebody"} has taken this folder over, because this "
                    + "process gave no sign of itself for minutes; run it again when that one is done");
        }
    }

    public void Dispose()
    {
        lock (_beating)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            _beats.Dispose();
            try
            {
                if (_file.Read()?.Holder?.Nonce == _holder.Nonce)
                {
                    File.Delete(_file.Path);
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // The next one finds that its holder is gone.
            }
        }
    }

    private void Beat()
    {
        lock (_beating)
        {
            _isLost |= !_isOver && !_file.Beat(_holder);
        }
    }

    private static FolderClaim Within(ResultsFolder folder, Func<FolderClaim> take)
    {
        try
        {
            Directory.CreateDirectory(folder.Path);
            return take();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Unwritable(folder.Path, problem);
        }
    }

    private static bool IsShard(string file) =>
        Path.GetFileName(file) is string name && name.StartsWith(OfShard, StringComparison.Ordinal)
        && !name.EndsWith(".gone", StringComparison.Ordinal);

    private static string WholeHeld => "wait until it is done, or name another folder of results";

    private static string ShardHeld(string file) =>
        $"it makes shard {Path.GetFileName(file)[OfShard.Length..].Replace("-of-", " of ", StringComparison.Ordinal)}; "
            + "wait until it is done, take another shard, or name another folder of results";

    /// <summary>How a claim is come by.</summary>
    private sealed class Claiming(ResultsFolder folder, Action<string>? tell, ClaimTimes times, CancellationToken cancellation)
    {
        // Others hold a passing claim for milliseconds, but there may be many of them.
        private static readonly TimeSpan LongestPassing = TimeSpan.FromMinutes(1);

        // Nobody is told of a wait for what takes a millisecond.
        private static readonly TimeSpan LongestWriting = TimeSpan.FromSeconds(1);

        public FolderClaim Take(ClaimFile file, bool isPassing, string held)
        {
            ClaimHolder here = ClaimHolder.Here(isPassing);
            while (!file.TryMake(here))
            {
                RequireGone(file, held);
            }

            return new FolderClaim(folder, file, here, times);
        }

        // Comes back when there is no claim any more; takes it away where its holder is gone.
        public void RequireGone(ClaimFile file, string held)
        {
            DateTime asked = DateTime.UtcNow;
            ClaimState? first = null;
            bool isTold = false;
            while (file.Read() is { } state)
            {
                cancellation.ThrowIfCancellationRequested();
                bool isSame = first?.Holder?.Nonce == state.Holder?.Nonce;
                first = isSame ? first : null;
                first ??= state;
                // One that is being written says nothing yet; it may be another of that kind than a moment ago.
                bool? runs = state.Holder is { } holder ? holder.Process.Runs() ?? (first.Beat != state.Beat ? true : null) : null;
                if (runs != true && IsGone(state))
                {
                    if (file.TryRemove(state.Holder?.Nonce, IsGone))
                    {
                        tell?.Invoke($"{folder}: {Who(state)} is gone; its claim was taken over");
                    }
                    else
                    {
                        // Somebody else is at it.
                        cancellation.WaitHandle.WaitOne(times.Look);
                    }

                    continue;
                }

                if (runs == true && !(state.Holder?.IsPassing == true && DateTime.UtcNow - asked < LongestPassing))
                {
                    throw new BadInputException(
                        $"{folder}: is worked in by {Who(state)}; {held}; if that process is gone, delete {file.Path}");
                }

                if (runs is null && !isTold && (state.Holder is not null || DateTime.UtcNow - asked > LongestWriting))
                {
                    isTold = true;
                    tell?.Invoke($"{folder}: waiting for a sign of {Who(state)}, for at most {Patience(state).TotalSeconds:0} s");
                }

                cancellation.WaitHandle.WaitOne(times.Look);
            }
        }

        private bool IsGone(ClaimState state) => !(state.Holder?.Process.Runs() ?? Now() - state.Beat < Patience(state));

        private TimeSpan Patience(ClaimState state) => state.Holder is null ? times.Unfinished : times.Gone;

        private static string Who(ClaimState state) => state.Holder?.ToString() ?? "a process that did not finish its claim";

        // By the clock that the beats are told by.
        private DateTime Now()
        {
            string probe = folder.In($"{Name}.{Guid.NewGuid():N}.gone");
            using FileStream file = new(
                probe,
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 1,
                FileOptions.DeleteOnClose);
            file.WriteByte((byte)'\n');
            file.Flush();
            return File.GetLastWriteTimeUtc(file.SafeFileHandle);
        }
    }
}
