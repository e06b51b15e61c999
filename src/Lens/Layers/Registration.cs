using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DiffusionLens.Layers;

/// <summary>Registers parameters and submodules under the names that checkpoints give them.</summary>
internal static class Registration
{
    /// <summary>Registers <paramref name="child"/> as <paramref name="name"/> and hands it back.</summary>
    public static T Add<T>(this Module parent, string name, T child)
        where T : Module
    {
        parent.register_module(name, child);
        return child;
    }

    /// <summary>Registers children as <c>name.0</c>, <c>name.1</c>, ...; an empty list has no name in the checkpoint.</summary>
    public static IReadOnlyList<T> AddList<T>(this Module parent, string name, IEnumerable<T> children)
        where T : Module
    {
        T[] list = [.. children];
        if (list.Length > 0)
        {
            parent.register_module(name, new ModuleList<T>(list));
        }

        return list;
    }

    /// <summary>
    /// Registers a parameter whose values are not set: loading (or training) fills it. Nothing is spent on random initial values,
    /// and on the <c>meta</c> device nothing at all. It lives as long as its module, also where a dispose scope is open around the
    /// building.
    /// </summary>
    public static Parameter AddParameter(this Module parent, string name, Runtime.Placement placement, params long[] shape)
    {
        placement.Limit?.Take();
        Tensor values = empty(shape, dtype: placement.DType, device: placement.Device).DetachFromDisposeScope();
        Parameter parameter = new(values, requires_grad: false);
        _ = parameter.DetachFromDisposeScope();
        parent.register_parameter(name, parameter);
        return parameter;
    }
}
