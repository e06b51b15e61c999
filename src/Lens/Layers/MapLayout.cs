using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>How the values of a map <c>[B, C, H, W]</c> lie in memory, which changes nothing but the time it takes.</summary>
internal static class MapLayout
{
    /// <summary>
    /// A place's channels side by side where convolutions are faster that way (<see cref="Kernels"/>); what follows keeps it.
    /// </summary>
    public static Tensor ForConvolving(Tensor map)
    {
        if (!Kernels.Current.PutsChannelsLast(map) || Kernels.IsChannelsLast(map))
        {
            return map;
        }

        using Tensor rows = map.permute(0, 2, 3, 1);
        using Tensor packed = rows.contiguous();
        return packed.permute(0, 3, 1, 2);
    }
}
