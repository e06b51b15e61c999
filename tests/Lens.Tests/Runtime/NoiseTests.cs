using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Runtime;

public class NoiseTests
{
    private static readonly ulong[] Seeds = [0, 1, 42, 4294967301];

    [Fact]
    public void A_first_draw_is_torchs()
    {
        using DisposeScope scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Reference.PathOf("rng", "expected", "draws.safetensors"));
        TensorEntry[] draws = [.. file.Entries.Values.Where(entry => entry.Name.StartsWith("randn.float32.", StringComparison.Ordinal))];
        Assert.Equal(33, draws.Length);
        foreach (TensorEntry draw in draws)
        {
            ulong seed = ulong.Parse(draw.Name.Split('.')[2]["seed".Length..], System.Globalization.CultureInfo.InvariantCulture);
            AssertClose(file.Read(draw.Name), Noise.Normal(seed, [.. draw.Shape]));
        }
    }

    [Fact]
    public void A_sequence_of_draws_of_any_sizes_is_torchs()
    {
        using DisposeScope scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Reference.PathOf("rng", "expected", "draws.safetensors"));
        foreach (ulong seed in Seeds)
        {
            using Noise noise = new(seed);
            for (int draw = 0; draw < 8; draw++)
            {
                Tensor expected = file.Read($"consecutive.float32.seed{seed}.{draw}");
                AssertClose(expected, noise.Next(expected.shape));
            }
        }
    }

    [Fact]
    public void Each_sample_of_a_batch_has_its_own_sequence()
    {
        using DisposeScope scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Reference.PathOf("rng", "expected", "draws.safetensors"));
        foreach (ulong seed in Seeds)
        {
            Tensor two = cat([Noise.Normal(seed, 1, 4, 16, 16), Noise.Normal(seed + 1, 1, 4, 16, 16)], 0);
            AssertClose(file.Read($"per_sample.seed{seed}.2x4x16x16"), two);
        }
    }

    [Theory]
    [InlineData(3698135662)]
    [InlineData(9223372036854775808)]
    [InlineData(ulong.MaxValue)]
    public void Any_seed_of_torch_is_taken_and_counts_by_its_lower_32_bits_as_torch_has_it(ulong seed)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor drawn = Noise.Normal(seed, 1, 4, 16, 16), lower = Noise.Normal((uint)seed, 1, 4, 16, 16);
        Assert.True(drawn.equal(lower).all().item<bool>());
        Assert.False(drawn.equal(Noise.Normal(seed - 1, 1, 4, 16, 16)).all().item<bool>());
    }

    private static void AssertClose(Tensor expected, Tensor actual)
        => Assert.InRange(expected.sub(actual).abs().max().item<float>(), 0, 1e-6);
}
