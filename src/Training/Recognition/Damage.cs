using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Recognition;

/// <summary>
/// Spoils images the way that a denoiser's imperfect ones are spoilt, so that the recognizer stays sound on them: a little noise and
/// blur keep their truth; noise, colored clouds, shuffled pieces, even blends of two scenes and shapes without any detail show nothing
/// that has a name.
/// </summary>
internal static class Damage
{
    private const double ShareNameless = 0.22;

    /// <summary>How many of a batch keep their truth: the first; the others show nothing that has a name.</summary>
    public static int Named(int batch) => batch - (int)(batch * ShareNameless);

    /// <param name="pixels"><c>[B, 3, 64, 64]</c>, 0..1.</param>
    /// <param name="labels">Their truth.</param>
    /// <param name="generator">Where all chance comes from.</param>
    public static (Tensor Pixels, CellLabels Labels) Apply(Tensor pixels, CellLabels labels, Generator generator)
    {
        using DisposeScope scope = NewDisposeScope();
        long batch = pixels.shape[0];
        int kept = Named((int)batch), nameless = (int)batch - kept;
        Tensor clean = Mild(pixels[..kept], generator);
        Tensor[] shown = nameless == 0 ? [clean] : [clean, Nameless(pixels[kept..], generator)];
        Tensor nothing = zeros([nameless, CellLabels.Side, CellLabels.Side], ScalarType.Int64);
        Tensor undecided = full_like(nothing, CellLabels.Undecided);
        CellLabels known = new(
            cat([labels.Things[..kept], nothing]).MoveToOuterDisposeScope(),
            cat([labels.Colors[..kept], undecided]).MoveToOuterDisposeScope(),
            cat([labels.Relations[..kept], nothing]).MoveToOuterDisposeScope());
        return (cat(shown).ClampTo(0, 1).MoveToOuterDisposeScope(), known);
    }

    /// <summary>Half of the images as they are; the others a little blurred, noisy, mixed with another scene, dimmed.</summary>
    private static Tensor Mild(Tensor pixels, Generator generator)
    {
        long batch = pixels.shape[0];
        Tensor blurred = Smooth(nn.functional.avg_pool2d(pixels, 2));
        Tensor blur = Chance(batch, 0.35, generator).mul(rand([batch, 1, 1, 1], generator: generator));
        Tensor noise = randn(pixels.shape, generator: generator)
            .mul(Chance(batch, 0.35, generator).mul(rand([batch, 1, 1, 1], generator: generator).Times(0.12)));
        Tensor other = Chance(batch, 0.2, generator).mul(rand([batch, 1, 1, 1], generator: generator).Times(0.25));
        Tensor mixed = pixels.lerp(blurred, blur).lerp(pixels.roll(1, 0), other);
        Tensor contrast = rand([batch, 1, 1, 1], generator: generator).Times(0.3).Plus(0.8);
        return mixed.Plus(-0.5).mul(contrast).Plus(0.5).Plus(noise);
    }

    private static Tensor Nameless(Tensor pixels, Generator generator)
    {
        long batch = pixels.shape[0], fifth = batch / 5;
        Tensor noise = randn([fifth, 3, 64, 64], generator: generator).Times(0.3).Plus(0.5);
        Tensor clouds = Smooth(rand([fifth, 3, 8, 8], generator: generator));
        Tensor order = randperm(64, generator: generator);
        Tensor pieces = pixels.narrow(0, 2 * fifth, batch - (4 * fifth)).view(-1, 3, 8, 8, 8, 8)
            .permute(0, 2, 4, 1, 3, 5).reshape(-1, 64, 3, 8, 8);
        Tensor shuffled = pieces.index_select(1, order).view(-1, 8, 8, 3, 8, 8).permute(0, 3, 1, 4, 2, 5).reshape(-1, 3, 64, 64);
        Tensor blend = shuffled.roll(1, 0).Plus(shuffled).Times(0.5);
        Tensor half = Chance(shuffled.shape[0], 0.5, generator);
        Tensor shapes = Smooth(nn.functional.avg_pool2d(pixels.narrow(0, batch - (2 * fifth), fifth), 8));
        Tensor blended = pixels.narrow(0, batch - fifth, fifth)
            .lerp(pixels.narrow(0, 0, fifth), rand([fifth, 1, 1, 1], generator: generator).Times(0.2).Plus(0.4));
        return cat([noise, clouds, shuffled.lerp(blend, half), shapes, blended]);
    }

    private static Tensor Smooth(Tensor coarse)
        => nn.functional.interpolate(coarse, size: [64, 64], mode: InterpolationMode.Bilinear, align_corners: false);

    private static Tensor Chance(long batch, double probability, Generator generator)
    {
        using Scalar limit = probability;
        return rand([batch, 1, 1, 1], generator: generator).lt(limit).to(ScalarType.Float32);
    }
}
