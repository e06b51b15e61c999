using System.Diagnostics;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>How the parts of a model's folder are checked and filled.</summary>
internal static class PartLoading
{
    /// <summary>Fills a network with the weights of a part.</summary>
    /// <exception cref="BadInputException">The weights are missing, damaged, or not of this network.</exception>
    public static T FilledFrom<T>(this T module, ModelFolder folder, string part, string? variant)
        where T : nn.Module
    {
        using Activity? activity = LensActivity.Start("load");
        using WeightFiles weights = folder.OpenWeights(part, variant);
        weights.LoadInto(module);

        // A model lives until it is disposed of, also when it is loaded within a dispose scope.
        foreach (Tensor parameter in module.state_dict().Values)
        {
            parameter.DetachFromDisposeScope();
        }

        return module;
    }

    /// <exception cref="BadInputException">The part is missing, or of another class.</exception>
    public static void RequireClass(this ModelFolder folder, string part, params string[] supported)
    {
        if (folder.ComponentClass(part) is string other && !supported.Contains(other))
        {
            throw new BadInputException($"{folder.Path}: {part} is a {other}; supported: {string.Join(", ", supported)}");
        }
    }

    /// <summary>Refuses CLIPs whose tokens do not stand side by side.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="lengths">How many tokens each reads.</param>
    /// <exception cref="BadInputException">They read different numbers.</exception>
    public static void RequireOneLength(this ModelFolder folder, IReadOnlyList<int> lengths)
        => folder.RequireFit(
            lengths.Distinct().Count() == 1,
            $"the CLIPs read {string.Join(" and ", lengths)} tokens, which cannot be joined by channel");

    /// <exception cref="BadInputException">They do not fit.</exception>
    public static void RequireFit(this ModelFolder folder, bool fits, string error)
    {
        if (!fits)
        {
            throw new BadInputException($"{folder.Path}: parts do not fit: {error}");
        }
    }
}
