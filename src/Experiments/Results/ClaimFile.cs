namespace Experiments.Results;

/// <summary>
/// A file that says who works in a folder. It is made so that only one of several processes can make it, also on a file system that several
/// machines share, and its time of writing shows that its holder is still there.
/// </summary>
/// <param name="Path">The file.</param>
internal sealed record ClaimFile(string Path)
{
    // Whether the file is still there says nothing: its holder may have given it back since.
    private const int FileExists = 17, FileExistsOnWindows = unchecked((int)0x80070050);

    /// <summary>Makes the file.</summary>
    /// <returns>False where it is there already, or was taken for a killed process's while it was being written.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public bool TryMake(ClaimHolder holder)
    {
        FileStream file;
        try
        {
            file = new(Path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException problem) when (problem.HResult is FileExists or FileExistsOnWindows)
        {
            return false;
        }

        try
        {
            using (file)
            {
                file.Write(holder.ToBytes());
            }

            return Read()?.Holder?.Nonce == holder.Nonce;
        }
        catch
        {
            // The disk is full: what is not whole would keep everybody waiting.
            RemoveUnfinished();
            throw;
        }
    }

    /// <summary>What the file says now; null where there is none.</summary>
    public ClaimState? Read()
    {
        try
        {
            using FileStream file = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using MemoryStream content = new();
            file.CopyTo(content);
            return new ClaimState(ClaimHolder.Of(content.ToArray()), File.GetLastWriteTimeUtc(file.SafeFileHandle));
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Renews the time of writing, by the clock of the file system.</summary>
    /// <returns>False where the claim is somebody else's now, or is gone.</returns>
    public bool Beat(ClaimHolder holder)
    {
        try
        {
            if (Read()?.Holder?.Nonce != holder.Nonce)
            {
                return false;
            }

            using FileStream file = new(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            file.Write(holder.ToBytes().AsSpan(0, 1));
            return true;
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The next beat may come through.
            return true;
        }
    }

    /// <summary>Takes the file away where it still is what it was, also when others do the same at this moment.</summary>
    /// <param name="nonce">Of the claim that is to go; null: of one whose file is not whole.</param>
    /// <param name="isGone">Whether whoever made a claim is gone.</param>
    /// <returns>False where somebody else is at it, or it is another claim now.</returns>
    public bool TryRemove(string? nonce, Func<ClaimState, bool> isGone)
    {
        // Only who has this mark may take that claim away; so a new claim cannot be taken for the old one.
        ClaimFile mark = new($"{Path}.{nonce ?? "damaged"}.gone");
        if (!mark.TryMake(ClaimHolder.Here(isPassing: true)))
        {
            if (mark.Read() is { } marked && isGone(marked))
            {
                File.Delete(mark.Path);
            }

            return false;
        }

        try
        {
            bool isSame = Read() is { } state && state.Holder?.Nonce == nonce;
            if (isSame)
            {
                File.Delete(Path);
            }

            return isSame;
        }
        finally
        {
            File.Delete(mark.Path);
        }
    }

    private void RemoveUnfinished()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception second) when (second is IOException or UnauthorizedAccessException)
        {
            // What went wrong before is what is told.
        }
    }
}

/// <summary>A claim as it stands.</summary>
/// <param name="Holder">Who holds it; null where the file is not whole.</param>
/// <param name="Beat">When it was last written, by the clock of the file system.</param>
internal sealed record ClaimState(ClaimHolder? Holder, DateTime Beat);
