using TorchSharp;
using Training.Optimization;
using static TorchSharp.torch;

namespace Training.Tests.Optimization;

public sealed class MuonTests
{
    [Theory]
    [InlineData(24, 48)]
    [InlineData(16, 144)]
    [InlineData(128, 12)]
    public void A_step_goes_equally_far_in_all_directions_of_the_gradient(int rows, int columns)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(3, CPU);
        Tensor matrices = randn([2, rows, columns], generator: generator);

        Tensor direction = Muon.Orthogonal(matrices);

        foreach (int i in (int[])[0, 1])
        {
            (Tensor u, _, Tensor vh) = linalg.svd(matrices[i], fullMatrices: false);
            Tensor along = u.t().matmul(direction[i]).matmul(vh.t());
            float[] lengths = along.diag().data<float>().ToArray();
            Assert.All(lengths, length => Assert.InRange(length, 0.4f, 1.3f));
            Assert.True(along.sub(along.diag().diag()).abs().max().ToSingle() < 1e-3, "a direction was turned");
            Assert.InRange(lengths.Average(), 0.75f, 1.15f);
        }
    }

    [Fact]
    public void What_is_no_map_between_states_is_left_to_another_rule()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module network = nn.Sequential(
            ("conv_in", nn.Conv2d(3, 4, 3)), ("map", nn.Linear(5, 6)), ("embedding", nn.Embedding(7, 8)), ("norm", nn.LayerNorm(9)));
        ParameterVector parameters = new(network);
        using Muon muon = new(parameters);
        Tensor weights = zeros(parameters.Count), gradient = ones(parameters.Count);

        muon.Step(weights, gradient, 0.1);

        Assert.Equal(new ParameterMatrix(From: (3 * 4 * 9) + 4, Rows: 6, Columns: 5), Assert.Single(parameters.Matrices()));
        Assert.True(weights.ne(0).equal(muon.Others.eq(0)).all().ToBoolean());
        Assert.Equal(5 * 6, parameters.Count - muon.Others.sum().ToInt64());
    }
}
