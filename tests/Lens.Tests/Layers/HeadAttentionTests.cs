using DiffusionLens.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Layers;

public class HeadAttentionTests
{
    [Theory]
    [InlineData(16, 16, true)]
    [InlineData(64, 16, false)]
    [InlineData(64, 64, false)]
    [InlineData(100, 77, false)]
    [InlineData(77, 77, true)]
    public void Attention_is_the_softmax_of_scaled_products_whatever_the_length(int queries, int keys, bool causal)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(1, CPU);
        Tensor query = Draw(queries), key = Draw(keys), value = Draw(keys);

        Tensor actual = HeadAttention.Attend(query, key, value, causal);

        Tensor scores = query.matmul(key.transpose(2, 3)).div(tensor(Math.Sqrt(8)));
        Tensor hidden = causal
            ? full([queries, keys], double.NegativeInfinity, ScalarType.Float64).triu(1)
            : zeros([queries, keys], ScalarType.Float64);
        Tensor expected = scores.add(hidden).softmax(-1).matmul(value).transpose(1, 2).reshape(2, queries, 24);
        Assert.True(actual.sub(expected).abs().max().ToDouble() < 1e-12);

        Tensor Draw(int length) => randn([2, 3, length, 8], ScalarType.Float64, generator: generator);
    }
}
