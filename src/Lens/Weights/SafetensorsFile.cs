using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using DiffusionLens.Configs;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Weights;

/// <summary>
/// One safetensors file, open for reading. It is mapped a few megabytes at a time while a tensor is copied to where it is wanted, so
/// reading takes no memory beside the destination. The format: https://github.com/huggingface/safetensors.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    /// <summary>Bytes copied at a time; small enough that a chunk on its way to another type stays in the processor's cache.</summary>
    private const int ChunkBytes = 4 << 20;

    private readonly MemoryMappedFile _map;

    private SafetensorsFile(string path, SafetensorsHeader header, MemoryMappedFile map)
    {
        Path = path;
        Entries = header.Entries;
        Metadata = header.Metadata;
        _map = map;
    }

    /// <summary>The file, as it was named to <see cref="Open(string)"/>.</summary>
    public string Path { get; }

    /// <summary>Every tensor in the file, by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Entries { get; }

    /// <summary>What its writer said of the whole file; empty where nothing was said.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header; no tensor is read yet.</summary>
    /// <param name="path">A <c>.safetensors</c> file.</param>
    /// <exception cref="BadInputException">The file cannot be read, is cut off, or its header is not in order.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle file = InputFile.Open(path);
        try
        {
            return new SafetensorsFile(
                path,
                SafetensorsHeader.Read(file, path),
                MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file to read tensors of it under other names, in other shapes, or parts of them.</summary>
    /// <param name="path">A <c>.safetensors</c> file.</param>
    /// <param name="view">The tensors by their new names; their bytes lie in the file.</param>
    /// <exception cref="BadInputException">The file cannot be read, is cut off, or its header is not in order.</exception>
    internal static SafetensorsFile Open(string path, IReadOnlyDictionary<string, TensorEntry> view)
    {
        SafetensorsFile file = Open(path);
        return new SafetensorsFile(path, new SafetensorsHeader(view, file.Metadata), file._map);
    }

    /// <summary>A new CPU tensor with the shape, type and values of one in the file.</summary>
    /// <param name="name">Its name; must be one of <see cref="Entries"/>.</param>
    public Tensor Read(string name)
    {
        TensorEntry entry = Entries[name];
        Tensor tensor = empty([.. entry.Shape], entry.DType, CPU);
        CopyTo(name, tensor);
        return tensor;
    }

    /// <summary>Copies one tensor's values into another tensor, converted to its type and moved to its device.</summary>
    /// <param name="name">Its name; must be one of <see cref="Entries"/>.</param>
    /// <param name="destination">Contiguous, with as many elements; filled in row-major order. It may be a parameter.</param>
    public void CopyTo(string name, Tensor destination)
    {
        TensorEntry entry = Entries[name];
        if (destination.device_type == DeviceType.META
            || !destination.is_contiguous()
            || destination.NumberOfElements * SafetensorsType.Of(entry.DType)!.Size != entry.ByteCount)
        {
            throw new ArgumentException($"'{name}' [{string.Join(", ", entry.Shape)}] needs a contiguous place of its size, in memory.");
        }

        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            if (entry.IsTransposed)
            {
                destination.copy_(Transposed(entry));
                return;
            }

            Tensor flat = destination.view(-1);
            long length = flat.NumberOfElements, chunk = ChunkBytes / SafetensorsType.Of(entry.DType)!.Size;
            bool inPlace = destination.dtype == entry.DType && destination.device_type == DeviceType.CPU;
            Tensor? staging = inPlace ? null : empty([Math.Min(chunk, length)], entry.DType, CPU);
            for (long start = 0; start < length; start += chunk)
            {
                long count = Math.Min(chunk, length - start);
                using Tensor place = flat.narrow(0, start, count);
                using Tensor read = staging is null ? place.alias() : staging.narrow(0, 0, count);
                CopyBytes(entry.Offset + (start * read.ElementSize), read.bytes);
                if (staging is not null)
                {
                    place.copy_(read).Dispose();
                }
            }
        }
    }

    /// <summary>SHA-256 of a tensor's bytes as they are in the file, in lower-case hexadecimal digits. Safe from several threads.</summary>
    internal string Sha256Of(string name)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        VisitBytes(Entries[name], hash.AppendData);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes a tensor's bytes, a few megabytes at a time.</summary>
    internal void CopyTo(string name, Stream destination) => VisitBytes(Entries[name], destination.Write);

    /// <summary>Closes the file. Tensors read from it stay.</summary>
    public void Dispose() => _map.Dispose();

    /// <summary>A matrix that the file has transposed, contiguous; it belongs to the caller's dispose scope.</summary>
    private Tensor Transposed(TensorEntry entry)
    {
        Tensor inFile = empty([.. entry.Shape.Reverse()], entry.DType, CPU);
        CopyBytes(entry.Offset, inFile.bytes);
        return inFile.t().contiguous();
    }

    private void VisitBytes(TensorEntry entry, BytesVisitor visit)
    {
        if (entry.IsTransposed)
        {
            using DisposeScope scope = NewDisposeScope();
            visit(Transposed(entry).bytes);
            return;
        }

        for (long start = 0; start < entry.ByteCount; start += ChunkBytes)
        {
            VisitBytes(entry.Offset + start, (int)Math.Min(ChunkBytes, entry.ByteCount - start), visit);
        }
    }

    private unsafe void CopyBytes(long offset, Span<byte> destination)
    {
        using MemoryMappedViewAccessor view = _map.CreateViewAccessor(offset, destination.Length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            new ReadOnlySpan<byte>(start + view.PointerOffset, destination.Length).CopyTo(destination);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private unsafe void VisitBytes(long offset, int count, BytesVisitor visit)
    {
        using MemoryMappedViewAccessor view = _map.CreateViewAccessor(offset, count, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            visit(new ReadOnlySpan<byte>(start + view.PointerOffset, count));
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private delegate void BytesVisitor(ReadOnlySpan<byte> bytes);
}
