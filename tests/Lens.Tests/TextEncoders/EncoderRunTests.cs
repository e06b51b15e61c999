using DiffusionLens.TextEncoders;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.TextEncoders;

public sealed class EncoderRunTests
{
    private const int Written = 5, Length = 12;

    public delegate TextTrace Tracing(Tensor ids, Tensor? mask, EncoderRun? run);

    public static TheoryData<string> Encoders => ["CLIP", "T5", "Qwen3"];

    [Theory]
    [MemberData(nameof(Encoders))]
    public void What_the_sub_blocks_add_makes_up_the_block_bit_for_bit(string encoder)
    {
        using DisposeScope scope = NewDisposeScope();
        Tracing trace = Network(encoder);
        IReadOnlyList<Tensor> blocks = States(SitePoint.Block), between = States(SitePoint.Attention),
            attention = States(SitePoint.AttentionOut), mlp = States(SitePoint.MlpOut);
        Assert.True(blocks.Count > 2);
        for (int layer = 1; layer < blocks.Count; layer++)
        {
            AssertSame(blocks[layer - 1].add(attention[layer]), between[layer]);
            AssertSame(between[layer].add(mlp[layer]), blocks[layer]);
        }

        Assert.All(new[] { between, attention, mlp }, states => AssertSame(blocks[0], states[0]));

        IReadOnlyList<Tensor> States(SitePoint point) => trace(Ids(), Mask(), new EncoderRun { Point = point }).HiddenStates;
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void A_block_that_is_left_out_adds_nothing_and_one_that_is_repeated_runs_on_its_own_output(string encoder)
    {
        using DisposeScope scope = NewDisposeScope();
        Tracing trace = Network(encoder);
        IReadOnlyList<Tensor> native = trace(Ids(), Mask(), null).HiddenStates;
        IReadOnlyList<Tensor> without = trace(Ids(), Mask(), new EncoderRun { Skip = [new(2)] }).HiddenStates;
        AssertSame(native[1], without[2]);
        AssertSame(native[1], without[1]);
        Assert.False(native[3].allclose(without[3]));
        IReadOnlyList<Tensor> added = trace(Ids(), Mask(), new EncoderRun { Skip = [new(2)], Point = SitePoint.MlpOut }).HiddenStates;
        AssertSame(zeros_like(native[1]), added[2]);

        // The second time a block is given what it made the first time.
        EncoderRun twice = new() { Skip = [new(1, 2)] };
        IReadOnlyList<Tensor> output = trace(Ids(), Mask(), twice).HiddenStates;
        IReadOnlyList<Tensor> attention = trace(Ids(), Mask(), twice with { Point = SitePoint.AttentionOut }).HiddenStates;
        IReadOnlyList<Tensor> mlp = trace(Ids(), Mask(), twice with { Point = SitePoint.MlpOut }).HiddenStates;
        AssertSame(native[1].add(attention[1]).add(mlp[1]), output[1]);
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Nothing_attends_to_padding_that_is_masked(string encoder)
    {
        using DisposeScope scope = NewDisposeScope();
        Tracing trace = Network(encoder);
        Tensor ids = Ids(), others = ids.clone();
        others[0, Written + 1] = tensor(2L);
        Assert.Equal([Written + 1], Changed(Mask()));
        Assert.Contains(Written + 2, Changed(null));

        int[] Changed(Tensor? mask)
        {
            Tensor difference = trace(ids, mask, null).HiddenStates[^1].sub(trace(others, mask, null).HiddenStates[^1]).abs().amax([0, 2]);
            return [.. Enumerable.Range(0, Length).Where(position => difference[position].item<double>() > 0)];
        }
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void A_run_leaves_nothing_alive_but_the_vectors_that_it_keeps(string encoder)
    {
        using DisposeScope scope = NewDisposeScope();
        Tracing trace = Network(encoder);
        foreach (EncoderRun run in new EncoderRun[]
        {
            EncoderRun.Native, new() { Point = SitePoint.Attention }, new() { Point = SitePoint.MlpOut, Skip = [new(1), new(2, 3)] },
        })
        {
            Tensor ids = Ids(), mask = Mask();
            long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            TextTrace states = trace(ids, mask, run);
            Assert.Equal(states.HiddenStates.Count, DisposeScopeManager.Statistics.ThreadTotalLiveCount - before);
        }
    }

    [Fact]
    public void Runs_with_the_same_values_are_equal_whatever_the_order_of_blocks()
    {
        EncoderRun run = new() { Point = SitePoint.Attention, Skip = [new(3), new(1, 2)], Mask = TextMask.Off };
        Assert.Equal(run, new EncoderRun { Point = SitePoint.Attention, Skip = [new(1, 2), new(3)], Mask = TextMask.Off });
        Assert.NotEqual(run, run with { Skip = [new(3)] });
        Assert.NotEqual(run, run with { Encoder = SiteEncoder.Nth(1) });
        Assert.Equal(EncoderRun.Native, new EncoderRun());
        Assert.Throws<ArgumentException>(() => new EncoderRun { Skip = [new(1), new(1, 2)] });
    }

    private static Tracing Network(string encoder)
    {
        switch (encoder)
        {
            case "CLIP":
                ClipTextModel clip = Reference.TextEncoder("sd1", ScalarType.Float64);
                return (ids, mask, run) => clip.Trace(ids, run: run, attentionMask: mask);
            case "T5":
                T5EncoderModel t5 = Reference.T5(ScalarType.Float64);
                return (ids, mask, run) => t5.Trace(ids, mask, run: run);
            default:
                Qwen3Model qwen = Qwen3ParityTests.Encoder(Reference.PathOf("klein", "text_encoder"), blocks: 4, ScalarType.Float64);
                return (ids, mask, run) => qwen.Trace(ids, mask, run: run);
        }
    }

    private static Tensor Ids() => tensor([.. Enumerable.Range(3, Length).Select(id => (long)id)], [1, Length]);

    private static Tensor Mask() => tensor([.. Enumerable.Range(0, Length).Select(at => at < Written ? 1L : 0L)], [1, Length]);

    private static void AssertSame(Tensor expected, Tensor actual) => Assert.True(expected.equal(actual).all().item<bool>());
}
