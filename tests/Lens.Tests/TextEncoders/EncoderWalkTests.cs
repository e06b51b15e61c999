using DiffusionLens.TextEncoders;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.TextEncoders;

public sealed class EncoderWalkTests
{
    [Theory]
    [InlineData(SitePoint.Block)]
    [InlineData(SitePoint.Attention)]
    [InlineData(SitePoint.AttentionOut)]
    [InlineData(SitePoint.MlpOut)]
    public void All_states_are_freed_with_the_scope_that_they_were_handed_to(SitePoint point)
    {
        using DisposeScope around = NewDisposeScope();
        IReadOnlyList<Tensor> states;
        using (NewDisposeScope())
        {
            states = Traced(new EncoderRun { Point = point, Skip = [new SiteSkip(2), new SiteSkip(3, Times: 2)] }).HiddenStates;
            Assert.Equal(5, states.Count);
            Assert.All(states, state => Assert.False(state.IsInvalid));
        }

        Assert.All(states, state => Assert.True(state.IsInvalid));
    }

    /// <summary>As a text encoder does it, in a scope of its own.</summary>
    private static TextTrace Traced(EncoderRun run)
    {
        using DisposeScope scope = NewDisposeScope();
        return EncoderWalk.Run(ones(1, 2, 3), blocks: 4, run, (_, input) => Block(input)).MoveToOuterDisposeScope();
    }

    private static BlockStates Block(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attention = input.add(input), mlp = attention.neg();
        return new BlockStates(input.clone(), attention, mlp, attention.add(mlp)).MoveToOuterDisposeScope();
    }
}
