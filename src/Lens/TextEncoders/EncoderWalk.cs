using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>The walk through a text encoder's blocks, which every kind of encoder shares.</summary>
internal static class EncoderWalk
{
    /// <summary>
    /// Runs the blocks, each as often as the run says, and keeps one vector of each. A block that is left out is one that adds nothing; of
    /// one that is repeated, the last time counts.
    /// </summary>
    /// <param name="embeddings">h^0, <c>[B, T, width]</c>, in the caller's dispose scope; it becomes the trace's first.</param>
    /// <param name="blocks">How many blocks, from the first.</param>
    /// <param name="run">Which blocks run how often, and what is kept of each; null: as the model has it.</param>
    /// <param name="block">A block, by its index from 0, on its input.</param>
    public static TextTrace Run(Tensor embeddings, int blocks, EncoderRun? run, Func<int, Tensor, BlockStates> block)
    {
        EncoderRun how = run ?? EncoderRun.Native;
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> kept = [embeddings];
        Tensor stream = embeddings;
        for (int number = 1; number <= blocks; number++)
        {
            using DisposeScope pass = NewDisposeScope();
            Tensor before = stream;
            Tensor? state = null;
            for (int time = how.TimesOf(number); time > 0; time--)
            {
                BlockStates made = block(number - 1, stream);
                (stream, state) = (made.Output, made.At(how.Point));
            }

            state ??= how.Point is SitePoint.AttentionOut or SitePoint.MlpOut ? stream.zeros_like() : stream.alias();
            kept.Add(state.MoveToOuterDisposeScope());
            if (!ReferenceEquals(stream, before))
            {
                // A second move would take an output that is kept out of the caller's scope.
                _ = ReferenceEquals(stream, state) ? stream : stream.MoveToOuterDisposeScope();
                FreeUnkept(before, kept);
            }
        }

        return new TextTrace([embeddings, .. kept.Skip(1).Select(state => state.MoveToOuterDisposeScope())]);
    }

    /// <summary>Where sub-blocks are kept, outputs are needed only until the next block has run.</summary>
    private static void FreeUnkept(Tensor stream, List<Tensor> kept)
    {
        if (!kept.Any(state => ReferenceEquals(state, stream)))
        {
            stream.Dispose();
        }
    }
}
