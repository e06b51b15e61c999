using DiffusionLens.Layers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Tests.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Runtime;

public class KernelsTests
{
    private static readonly Kernels OfZen4 = new(new Processor(Processor.Amd, Family: 25, HasAvx512: true, HasBFloat16: true));
    private static readonly Kernels OfZen5 = new(new Processor(Processor.Amd, Processor.Zen5, HasAvx512: true, HasBFloat16: true));
    private static readonly Kernels OfIntel = new(new Processor("GenuineIntel", Family: 6, HasAvx512: true, HasBFloat16: true));
    private static readonly Kernels OfAvx2 = new(new Processor(Processor.Amd, Family: 25, HasAvx512: false, HasBFloat16: false));

    [Theory]
    [InlineData(4096, 320, 320, true, true)]
    [InlineData(256, 5120, 1280, false, true)]
    [InlineData(64, 256, 64, true, true)]
    [InlineData(64, 64, 64, false, true)]
    [InlineData(8, 64, 4, false, false)]
    [InlineData(4096, 321, 4, false, false)]
    public void A_linear_map_is_convolved_where_that_is_faster_on_the_processor(
        long rows, long width, long outputs, bool onZen4, bool onZen5)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor input = zeros(2, rows, width), weight = zeros(outputs, width);
        Assert.Equal(onZen4, OfZen4.ConvolvesLinear(input, weight));
        Assert.Equal(onZen5, OfZen5.ConvolvesLinear(input, weight));
        Assert.All([OfIntel, OfAvx2, Kernels.Plain], kernels => Assert.False(kernels.ConvolvesLinear(input, weight)));
        Assert.False(OfZen5.ConvolvesLinear(input.to(ScalarType.Float64), weight));
    }

    [Fact]
    public void Bfloat16_is_attended_in_pieces_where_the_processor_multiplies_it_and_float32_never()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor query = zeros([1, 2, 4096, 8], ScalarType.BFloat16);
        Assert.Equal(256, OfZen4.QueriesAtOnce(query, 4096));
        Assert.Equal(64, OfZen4.QueriesAtOnce(query, 100_000));
        Assert.Null(OfAvx2.QueriesAtOnce(query, 4096));
        Assert.Null(OfZen4.QueriesAtOnce(query.to(ScalarType.Float32), 4096));
    }

    [Fact]
    public void Maps_of_large_images_have_channels_last_and_small_ones_stay()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor large = zeros(1, 4, 64, 64), small = zeros(1, 4, 8, 8);
        Assert.True(OfZen4.PutsChannelsLast(large));
        Assert.All(
            [OfZen4.PutsChannelsLast(small), OfIntel.PutsChannelsLast(large), OfZen4.PutsChannelsLast(large.to(ScalarType.Float64))],
            Assert.False);
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("avx2", null, false)]
    [InlineData("default", null, false)]
    [InlineData("avx512", null, true)]
    [InlineData(null, "AVX2", false)]
    [InlineData(null, "avx512_core_bf16", true)]
    [InlineData(null, "ALL", true)]
    public void Limits_that_the_user_sets_are_limits_of_the_processor(string? libtorch, string? oneDnn, bool allow)
    {
        Processor free = Processor.Read(_ => null);
        Processor limited = Processor.Read(name => name == "ATEN_CPU_CAPABILITY" ? libtorch : name == "ONEDNN_MAX_CPU_ISA" ? oneDnn : null);
        Assert.Equal(free.HasAvx512 && allow, limited.HasAvx512);
        Assert.Equal(free.HasBFloat16 && allow, limited.HasBFloat16);
    }

    [Theory]
    [InlineData(1, 64, 64, true)]
    [InlineData(3, 100, 320, false)]
    public void A_linear_map_is_the_same_as_a_convolution_to_rounding(long samples, long rows, long width, bool hasBias)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor input = randn(samples, width, rows).transpose(1, 2), weight = randn(24, width);
        Tensor? bias = hasBias ? randn(24) : null;
        TensorAssert.Close(LinearMap.Convolved(input, weight, bias), nn.functional.linear(input, weight, bias), 1e-5);
        Tensor inCompany = LinearMap.Convolved(input, weight, bias, inCompany: samples == 1);
        TensorAssert.Close(inCompany, LinearMap.Convolved(input, weight, bias), 1e-5);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Attention_in_pieces_has_the_values_of_attention_at_once(ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor query = randn(2, 3, 100, 16).to(dtype), key = randn(2, 3, 70, 16).to(dtype), value = randn(2, 3, 70, 16).to(dtype);
        Tensor whole = HeadAttention.AttendInPieces(query, key, value, 100), pieces = HeadAttention.AttendInPieces(query, key, value, 33);
        Tensor exact = nn.functional.scaled_dot_product_attention(query.@double(), key.@double(), value.@double());
        TensorAssert.Close(pieces, whole, dtype == ScalarType.Float32 ? 1e-6 : 1e-2);
        TensorAssert.Close(pieces, exact, dtype == ScalarType.Float32 ? 1e-5 : 2e-2);
    }

    [Fact]
    public void Gradients_go_through_attention_in_pieces()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] inputs = [Draw(100), Draw(70), Draw(70)], others = [.. inputs.Select(input => input.detach().clone().requires_grad_())];

        HeadAttention.AttendInPieces(inputs[0], inputs[1], inputs[2], 33).Squared().sum().backward();
        nn.functional.scaled_dot_product_attention(others[0], others[1], others[2]).Squared().sum().backward();

        Assert.All(inputs.Zip(others), pair => TensorAssert.Close(pair.First.grad!, pair.Second.grad!, 1e-12));

        static Tensor Draw(int length) => randn([2, 3, length, 16], ScalarType.Float64).requires_grad_();
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(16, 128)]
    [InlineData(1, 256)]
    public void A_samples_linear_map_has_the_same_bits_in_any_company(long rows, long width)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable kernels = Kernels.Use(OfZen4);
        Tensor samples = randn(40, rows, width), weight = randn(128, width), all = LinearMap.Of(samples, weight, null);
        AssertAlike(samples, all, some => LinearMap.Of(some, weight, null));
    }

    [Fact]
    public void A_samples_convolution_and_norm_have_the_same_bits_in_any_company()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable kernels = Kernels.Use(OfZen4);
        long[] stride = [1, 1], padding = [1, 1];
        Tensor maps = randn(40, 32, 8, 8), weight = randn(32, 32, 3, 3);
        AssertAlike(maps, Convolved(maps), Convolved);

        GroupNorm norm = new(8, 32, 1e-5, Placement.Default);
        foreach ((string _, TorchSharp.Modules.Parameter parameter) in norm.named_parameters())
        {
            _ = parameter.fill_(1);
        }

        Tensor large = MapLayout.ForConvolving(randn(5, 32, 40, 40));
        Assert.True(Kernels.IsChannelsLast(large));
        AssertAlike(large, norm.forward(large), norm.forward);

        Tensor Convolved(Tensor some) => Conv2d.Convolved(some, weight, null, stride, padding);
    }

    [Fact]
    public void Images_agree_both_ways_to_rounding_and_in_float64_to_the_bit()
    {
        using DisposeScope scope = NewDisposeScope();
        TensorAssert.Close(Image(ScalarType.Float32, OfZen5), Image(ScalarType.Float32, Kernels.Plain), 2e-5);
        Assert.True(Image(ScalarType.Float64, OfZen5).equal(Image(ScalarType.Float64, Kernels.Plain)).all().item<bool>());

        static Tensor Image(ScalarType dtype, Kernels kernels)
        {
            using IDisposable chosen = Kernels.Use(kernels);
            DiffusionLens.Lens lens = new(SmallModel.Load("sd2", dtype));
            using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
            return lens.Images(encoding, [new(2)], [1], new SamplerSettings { Steps = 1, Height = 128, Width = 128 })[0].Pixels;
        }
    }

    [Theory]
    [InlineData("sd1")]
    [InlineData("sd2")]
    [InlineData("if")]
    public void An_image_has_the_same_bits_in_any_company(string pipeline)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable kernels = Kernels.Use(OfZen4);
        using TextToImageModel model = TextToImageModel.Load(Reference.PathOf(pipeline));
        DiffusionLens.Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        SamplerSettings settings = new() { Steps = 2 };
        LensImage among = lens.Images(encoding, [new(1), new(2)], [3, 4, 5], settings)[1];
        LensImage alone = lens.Images(encoding, [new(1)], [4], settings)[0];
        Assert.Equal(among.Key, alone.Key);
        Assert.True(among.Latents.equal(alone.Latents).all().item<bool>());
        Assert.True(among.Pixels.equal(alone.Pixels).all().item<bool>());
    }

    [Theory]
    [InlineData("sd1")]
    [InlineData("sd2")]
    [InlineData("if")]
    [InlineData(Reference.SD3)]
    [InlineData(Reference.Flux)]
    [InlineData("klein")]
    [InlineData("zimage")]
    [InlineData("qwen_image")]
    [InlineData("sana")]
    [InlineData("pixart")]
    public void Small_batches_of_several_prompts_go_as_one_to_the_same_bits(string pipeline)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable kernels = Kernels.Use(OfZen4);
        using TextToImageModel model = TextToImageModel.Load(Reference.PathOf(pipeline));
        DiffusionLens.Lens lens = new(model);
        SamplerSettings settings = new() { Steps = 2, Guidance = model.Description.DefaultGuidance, Height = 64, Width = 64 };
        using PromptEncoding first = lens.Encode(SmallModel.Prompt), second = lens.Encode("a dog");
        PromptBatch[] batches =
        [
            new(first, lens.Batches(first.Prompt, [new(0), new(1)], [3, 4], settings).Single()),
            new(second, lens.Batches(second.Prompt, [new(1)], [4, 5, 6], settings).Single()),
        ];
        CallCount together = new(), apart = new();

        IReadOnlyList<LensImage> shared = lens.Images(batches, settings, together);
        LensImage[] own = [.. batches.SelectMany(batch => lens.Images([batch], settings, apart))];

        Assert.True(model.SharedBatchSize(settings) >= own.Length);
        Assert.True(together.Calls < apart.Calls);
        Assert.Equal(own.Select(image => image.Key), shared.Select(image => image.Key));
        Assert.All(own.Zip(shared), pair => Assert.True(pair.First.Pixels.equal(pair.Second.Pixels).all().item<bool>()));
    }

    [Fact]
    public void Prompts_keep_to_themselves_where_an_images_bits_could_depend_on_the_others()
    {
        using TextToImageModel model = TextToImageModel.Load(Reference.PathOf("sd1"));
        using (Kernels.Use(Kernels.Plain))
        {
            Assert.Equal(1, model.SharedBatchSize(new SamplerSettings()));
        }

        using (Kernels.Use(OfIntel))
        {
            Assert.Equal(1, model.SharedBatchSize(new SamplerSettings()));
        }
    }

    private sealed class CallCount : IProgress<SamplingProgress>
    {
        public int Calls { get; private set; }

        public void Report(SamplingProgress value) => Calls++;
    }

    private static void AssertAlike(Tensor samples, Tensor all, Func<Tensor, Tensor> compute)
    {
        foreach (int company in new[] { 1, 2, 3, 5 })
        {
            Assert.True(compute(samples.narrow(0, 0, company)).equal(all.narrow(0, 0, company)).all().item<bool>(), $"{company} samples");
        }
    }
}
