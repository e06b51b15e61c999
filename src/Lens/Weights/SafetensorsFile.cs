using System.Buffers;
using System.Security.Cryptography;
using DiffusionLens.Configs;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Weights;

/// <summary>
/// One safetensors file, open for reading. Bytes are read to where they are wanted, or a part at a time on their way to another type, so
/// reading takes no memory beside the destination. Files are not mapped: one that is cut off meanwhile would end the process. The format:
/// https://github.com/huggingface/safetensors.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    /// <summary>Bytes visited at a time.</summary>
    private const int ChunkBytes = 1 << 20;

    private readonly SafeFileHandle _file;

    private SafetensorsFile(string path, SafetensorsHeader header, SafeFileHandle file)
    {
        Path = path;
        Entries = header.Entries;
        Metadata = header.Metadata;
        _file = file;
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
            return new SafetensorsFile(path, SafetensorsHeader.Read(file, path), file);
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
        return new SafetensorsFile(path, new SafetensorsHeader(view, file.Metadata), file._file);
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
    /// <exception cref="BadInputException">The file has become shorter since it was opened.</exception>
    public void CopyTo(string name, Tensor destination) => TensorPiece.FillInTurn(TensorPiece.Of(this, Entries[name], destination));

    /// <summary>Reads bytes of the file. Safe from several threads.</summary>
    /// <param name="offset">Of the first.</param>
    /// <param name="destination">Where they go; as many as it is long.</param>
    /// <exception cref="BadInputException">The file has become shorter since it was opened.</exception>
    internal void Read(long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(_file, destination, offset);
            if (read == 0)
            {
                throw new BadInputException($"{Path}: was cut off while it was read; get the file again");
            }

            offset += read;
            destination = destination[read..];
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
    public void Dispose() => _file.Dispose();

    /// <summary>A matrix that the file has transposed, contiguous; it belongs to the caller's dispose scope.</summary>
    internal Tensor Transposed(TensorEntry entry)
    {
        Tensor inFile = empty([.. entry.Shape.Reverse()], entry.DType, CPU);
        Read(entry.Offset, inFile.bytes);
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

        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (long start = 0; start < entry.ByteCount; start += ChunkBytes)
            {
                Span<byte> bytes = chunk.AsSpan(0, (int)Math.Min(ChunkBytes, entry.ByteCount - start));
                Read(entry.Offset + start, bytes);
                visit(bytes);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private delegate void BytesVisitor(ReadOnlySpan<byte> bytes);
}
