using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>What a site shows, with the rows of padding handled as far as that is done to what the denoiser is given.</summary>
/// <param name="model">The model.</param>
/// <param name="empty">The empty prompt as the model itself encodes it.</param>
/// <param name="handling">What is done.</param>
internal sealed class HandledRows(TextToImageModel model, EncodedText empty, TextHandling handling)
{
    /// <summary>The reads, and what the denoiser needs to do the rest.</summary>
    public TextReads Of(TextReads reads) => handling.PaddingRows switch
    {
        PaddingRows.Cut => Cut(reads),
        PaddingRows.Zero or PaddingRows.Empty when handling.PaddingRowsAt == PaddingRowsAt.Input => reads with { States = Replaced(reads) },
        PaddingRows.Empty => reads with { Replacement = Replaced(reads) },
        _ => reads,
    } with
    { Handling = handling };

    /// <summary>Padding left out.</summary>
    private static TextReads Cut(TextReads reads)
    {
        int[][] kept = [.. reads.Rows!.Select(rows => Enumerable.Range(0, rows.Padding.Count).Where(row => !rows.Padding[row]).ToArray())];
        return reads with
        {
            States = [.. reads.States.Zip(kept, (state, rows) => state.index_select(1, Indices(rows, state)))],
            Rows = [.. reads.Rows!.Zip(kept, (rows, some) => rows.Only(some))],
        };
    }

    /// <summary>Padding as zeros, or as the empty prompt's native read at the same positions.</summary>
    private Tensor[] Replaced(TextReads reads)
    {
        return [.. reads.States.Select(Replaced)];

        Tensor Replaced(Tensor state, int read)
        {
            using DisposeScope scope = NewDisposeScope();
            ReadRows rows = reads.Rows![read];
            int[] padding = [.. Enumerable.Range(0, rows.Padding.Count).Where(row => rows.Padding[row])];
            if (padding.Length == 0)
            {
                return state.alias().MoveToOuterDisposeScope();
            }

            Tensor places = Indices(padding, state), own = state.index_select(1, places);
            Tensor instead = handling.PaddingRows == PaddingRows.Zero
                ? zeros_like(own)
                : model.Read(empty, model.Description.Reads[read] with { Positions = ReadPositions.All }).to(own.dtype)
                    .index_select(1, Indices(padding.Select(row => rows.Positions[row]), state));
            return state.index_copy(1, places, instead).MoveToOuterDisposeScope();
        }
    }

    private static Tensor Indices(IEnumerable<int> rows, Tensor beside)
        => tensor([.. rows.Select(row => (long)row)], device: beside.device);
}
