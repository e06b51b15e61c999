using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Weights;

/// <summary>A part of a tensor in a file, and where it goes; parts are filled in any order, on several threads.</summary>
/// <param name="File">The file.</param>
/// <param name="Entry">The tensor.</param>
/// <param name="Place">Where all of it goes: contiguous, of as many elements.</param>
/// <param name="Start">The part's first element.</param>
/// <param name="Count">How many elements it has.</param>
internal sealed record TensorPiece(SafetensorsFile File, TensorEntry Entry, Tensor Place, long Start, long Count)
{
    /// <summary>Bytes that are read at a time where they need no other type.</summary>
    private const int ReadBytes = 4 << 20;

    /// <summary>
    /// Elements that are converted at a time: as many as libtorch converts on the thread that asks, so that its own threads do not stand
    /// beside those that read; and few enough to stay in a core's cache.
    /// </summary>
    private const int ConvertedElements = 32768;

    /// <summary>The parts of a tensor.</summary>
    /// <exception cref="ArgumentException">The place is not of its size, or not in memory.</exception>
    public static IEnumerable<TensorPiece> Of(SafetensorsFile file, TensorEntry entry, Tensor place)
    {
        int size = SafetensorsType.Of(entry.DType)!.Size;
        if (place.device_type == DeviceType.META || !place.is_contiguous() || place.NumberOfElements * size != entry.ByteCount)
        {
            throw new ArgumentException(
                $"'{entry.Name}' [{string.Join(", ", entry.Shape)}] needs a contiguous place of its size, in memory.");
        }

        long length = place.NumberOfElements;
        long step = entry.IsTransposed ? Math.Max(1, length) : IsAsItIs(entry, place) ? ReadBytes / size : ConvertedElements;
        for (long start = 0; start < length; start += step)
        {
            yield return new TensorPiece(file, entry, place, start, Math.Min(step, length - start));
        }
    }

    /// <summary>Fills places on all cores, in the order of the files.</summary>
    /// <exception cref="BadInputException">A file has become shorter.</exception>
    public static void FillAll(IEnumerable<TensorPiece> pieces)
    {
        try
        {
            Parallel.ForEach(
                Partitioner.Create(pieces, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
                () => new Staging(),
                (piece, _, staging) =>
                {
                    piece.Fill(staging);
                    return staging;
                },
                staging => staging.Dispose());
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }

    /// <summary>Fills places one after another, on this thread.</summary>
    public static void FillInTurn(IEnumerable<TensorPiece> pieces)
    {
        using Staging staging = new();
        foreach (TensorPiece piece in pieces)
        {
            piece.Fill(staging);
        }
    }

    private static bool IsAsItIs(TensorEntry entry, Tensor place) => place.dtype == entry.DType && place.device_type == DeviceType.CPU;

    private void Fill(Staging staging)
    {
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        if (Entry.IsTransposed)
        {
            Place.copy_(File.Transposed(Entry));
            return;
        }

        Tensor part = Place.view(-1).narrow(0, Start, Count);
        long offset = Entry.Offset + (Start * SafetensorsType.Of(Entry.DType)!.Size);
        if (IsAsItIs(Entry, Place))
        {
            File.Read(offset, part.bytes);
            return;
        }

        Tensor read = staging.Of(Entry.DType).narrow(0, 0, Count);
        File.Read(offset, read.bytes);

        // What goes to another device is converted there, and is smaller on the way.
        part.copy_(Place.device_type == DeviceType.CPU ? read : read.to(Place.device));
    }

    /// <summary>Where a thread reads what it converts.</summary>
    private sealed class Staging : IDisposable
    {
        private readonly Dictionary<ScalarType, Tensor> _tensors = [];

        public Tensor Of(ScalarType type)
        {
            if (!_tensors.TryGetValue(type, out Tensor? tensor))
            {
                _tensors[type] = tensor = empty([ConvertedElements], type, CPU).DetachFromDisposeScope();
            }

            return tensor;
        }

        public void Dispose()
        {
            foreach (Tensor tensor in _tensors.Values)
            {
                tensor.Dispose();
            }
        }
    }
}
