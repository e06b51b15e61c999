using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Runtime;

/// <summary>
/// Which of several ways to the same numbers a layer takes, decided here alone: from what the processor is and from the shape of one
/// sample, never from timing and never from how many samples there are, so that an image has the same bits on every run of a machine and
/// in any company. docs/performance.md tells what was measured. Float64 always goes libtorch's own way, and so does all that is trained.
/// </summary>
/// <param name="Processor">Null: libtorch's own way everywhere.</param>
internal sealed record Kernels(Processor? Processor)
{
    /// <summary>The environment variable that switches all of it off, by <c>plain</c>.</summary>
    public const string Variable = "DLENS_KERNELS";

    /// <summary>libtorch's own way everywhere.</summary>
    public static readonly Kernels Plain = new((Processor?)null);

    /// <summary>
    /// Up to so many values libtorch convolves a single sample without oneDNN, and to other bits than the same sample among others.
    /// </summary>
    private const long MostWithoutOneDnn = 20480;

    /// <summary>MKL gives fewer rows than these other bits than the same rows among more.</summary>
    private const long FewestRows = 12;

    private static readonly Kernels OfThisMachine
        = Environment.GetEnvironmentVariable(Variable) == "plain" ? Plain : new Kernels(Runtime.Processor.Here);

    private static readonly AsyncLocal<Kernels?> Chosen = new();

    /// <summary>Those in use.</summary>
    public static Kernels Current => Chosen.Value ?? OfThisMachine;

    /// <summary>The same, but libtorch's own way for weights that are being trained.</summary>
    public static Kernels For(Tensor weight) => weight.requires_grad && is_grad_enabled() ? Plain : Current;

    /// <summary>Others, until the result is disposed of, for comparing.</summary>
    public static IDisposable Use(Kernels kernels)
    {
        Kernels? before = Chosen.Value;
        Chosen.Value = kernels;
        return new Return(before);
    }

    /// <summary>Whether all of it is libtorch's own way.</summary>
    public bool ArePlain => Processor is null;

    /// <summary>
    /// Whether an image has the same bits in any company: on several threads, and on the kind of processor on which that was measured. A
    /// single thread goes other ways with few samples than with many.
    /// </summary>
    /// <param name="placement">Where the networks compute.</param>
    public bool KeepsBitsInCompany(Placement placement) => IsWideAmd && placement.Device.type == DeviceType.CPU
        && placement.DType is ScalarType.Float32 or ScalarType.BFloat16 && get_num_threads() > 1;

    private bool IsWideAmd => Processor is { Vendor: Processor.Amd, HasAvx512: true };

    /// <summary>
    /// Whether a linear map goes as a convolution. MKL gives AMD's processors its AVX2 kernels; oneDNN's convolutions use AVX-512. Where
    /// 512-bit units are halves (Zen 4), less is gained, and nothing where a sample has few rows or little work or rows are long.
    /// </summary>
    /// <param name="input"><c>[B, T, in]</c>; other shapes go plain.</param>
    /// <param name="weight"><c>[out, in]</c>.</param>
    public bool ConvolvesLinear(Tensor input, Tensor weight)
    {
        // Setting out for a convolution takes some 70 µs more: too long for a small product.
        const long FewestOnZen5 = 16, Short = 256, FewestIfShort = 64, LeastIfShort = 1 << 20, Middling = 1280, FewestIfMiddling = 1024;
        if (!IsWideAmd || !IsFloat32(input) || input.dim() != 3 || weight.dim() != 2)
        {
            return false;
        }

        long rows = input.shape[1], width = input.shape[2];
        return width % 2 == 0 && (Processor!.Family >= Processor.Zen5
            ? rows >= FewestOnZen5
            : (width <= Short && rows >= FewestIfShort && rows * width * weight.shape[0] >= LeastIfShort)
                || (width <= Middling && rows >= FewestIfMiddling));
    }

    /// <summary>Whether one sample is so small that it takes another way alone than among others.</summary>
    /// <param name="input"><c>[B, ...]</c>, what is convolved.</param>
    public bool NeedsCompany(Tensor input)
        => Processor is not null && IsFloat32(input) && input.shape[0] == 1 && input.numel() <= MostWithoutOneDnn;

    /// <summary>How many rows a linear map lacks to have the bits that it has among many rows.</summary>
    /// <param name="input"><c>[..., in]</c>.</param>
    public long MissingRows(Tensor input)
        => Processor is null || !IsFloat32(input) ? 0 : Math.Max(0, FewestRows - (input.numel() / Math.Max(1, input.shape[^1])));

    /// <summary>
    /// Whether a decoder's maps are kept channel by channel within each place (channels-last): oneDNN convolves those of large images
    /// faster, but libtorch norms many small ones slower.
    /// </summary>
    /// <param name="map"><c>[B, C, H, W]</c>.</param>
    public bool PutsChannelsLast(Tensor map)
    {
        const long SmallestArea = 32 * 32;
        return IsWideAmd && map.device_type == DeviceType.CPU && map.dtype is ScalarType.Float32 or ScalarType.BFloat16
            && map.shape[2] * map.shape[3] >= SmallestArea;
    }

    /// <summary>
    /// Whether samples are normed one by one: of larger maps with channels last, libtorch shares all samples' places out among its
    /// threads, so that a sample's sums would depend on how many there are.
    /// </summary>
    /// <param name="map"><c>[B, C, H, W]</c>.</param>
    public bool NormsOneByOne(Tensor map) => PutsChannelsLast(map) && map.shape[0] > 1 && IsChannelsLast(map);

    /// <summary>Whether a place's channels lie side by side.</summary>
    public static bool IsChannelsLast(Tensor map) => map.shape[1] > 1 && map.stride(1) == 1;

    /// <summary>
    /// How many queries attend at once by plain products, where that is faster than libtorch's fused attention, which makes no use of
    /// bfloat16's instructions; null: it is not.
    /// </summary>
    /// <param name="query"><c>[B, heads, T, d]</c>.</param>
    /// <param name="keys">S.</param>
    public long? QueriesAtOnce(Tensor query, long keys)
    {
        const long ScoresOfHead = 1 << 20, Fewest = 64;
        return IsWideAmd && Processor!.HasBFloat16 && query.dtype == ScalarType.BFloat16 && query.device_type == DeviceType.CPU
            ? Math.Max(Fewest, ScoresOfHead / Math.Max(1, keys))
            : null;
    }

    private static bool IsFloat32(Tensor x) => x.dtype == ScalarType.Float32 && x.device_type == DeviceType.CPU;

    private sealed class Return(Kernels? before) : IDisposable
    {
        public void Dispose() => Chosen.Value = before;
    }
}
