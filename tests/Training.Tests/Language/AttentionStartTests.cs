using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using TorchSharp;
using Training.Language;
using Training.Optimization;
using static TorchSharp.torch;

namespace Training.Tests.Language;

public class AttentionStartTests
{
    private static readonly T5Config Config = new()
    {
        VocabularySize = 20,
        Width = 16,
        HeadWidth = 4,
        InnerWidth = 16,
        LayerCount = 1,
        HeadCount = 4,
        DistanceBuckets = 32,
        MaxDistance = 128,
        NormEpsilon = 1e-6,
    };

    [Fact]
    public void Of_four_heads_one_looks_to_the_left_one_to_the_right_one_near_by_and_one_anywhere()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor biases = AttentionStart.Biases(Config);

        Assert.Equal([32, 4], biases.shape);
        Assert.Equal((-1, 1, 0), (Favorite(biases, head: 0), Favorite(biases, head: 1), Favorite(biases, head: 2)));
        Assert.Equal(0, biases.select(1, 3).abs().max().ToSingle());
    }

    [Fact]
    public void The_head_that_looks_anywhere_looks_for_its_own_word()
    {
        using DisposeScope scope = NewDisposeScope();
        using T5EncoderModel text = new(Config, new Placement(ScalarType.Float32, CPU));
        InitialValues.Set(text, seed: 1);
        AttentionStart.Set(text);
        Tensor query = Weight("q"), key = Weight("k"), words = eye(16);

        Tensor scores = words.matmul(query.t()).matmul(key).matmul(words);

        Assert.True(scores.diagonal().gt(0).all().ToBoolean());
        Assert.True(scores.allclose(scores.t(), atol: 1e-6));

        Tensor Weight(string map) => text.named_parameters()
            .Single(pair => pair.name.EndsWith($"block.0.layer.0.SelfAttention.{map}.weight", StringComparison.Ordinal))
            .parameter.detach().narrow(0, 3 * Config.HeadWidth, Config.HeadWidth);
    }

    // transformers: T5Attention._relative_position_bucket, where distances below 8 have a bucket each.
    private static int Favorite(Tensor biases, int head) => Enumerable.Range(-7, 15)
        .MaxBy(distance => biases[distance > 0 ? 16 + distance : -distance, head].ToSingle());
}
