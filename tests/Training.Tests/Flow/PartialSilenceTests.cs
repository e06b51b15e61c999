using TorchSharp;
using Training.Flow;
using static TorchSharp.torch;

namespace Training.Tests.Flow;

public class PartialSilenceTests
{
    [Fact]
    public void Half_of_the_captions_lose_what_is_pooled_a_tenth_the_sequence_and_none_both()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(1, CPU);
        Tensor spoken = ones(4000, 5, 3);

        Tensor states = new PartialSilence(zeros(1, 5, 3)).Over(spoken, generator);

        Tensor sequence = states.narrow(1, 0, 4).flatten(1), pooled = states.select(1, 4);
        Assert.Equal(0, sequence.amax([1L]).sub(sequence.amin([1L])).max().ToSingle());
        Assert.InRange(1 - sequence.mean().ToSingle(), 0.08, 0.12);
        Assert.InRange(1 - pooled.mean().ToSingle(), 0.47, 0.53);
        Assert.Equal(1, states.amax([1L, 2L]).min().ToSingle());
    }
}
