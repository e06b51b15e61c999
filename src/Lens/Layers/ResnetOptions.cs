namespace DiffusionLens.Layers;

/// <summary>What the residual blocks of one network share.</summary>
internal sealed record ResnetOptions
{
    /// <summary>Groups of the group normalizations.</summary>
    public required int Groups { get; init; }

    /// <summary>Epsilon of the group normalizations.</summary>
    public required double Epsilon { get; init; }

    /// <summary>By the name that <see cref="Layers.Activation"/> knows.</summary>
    public string Activation { get; init; } = "silu";

    /// <summary>Width of the time embedding; null in networks without time, such as autoencoders.</summary>
    public int? TimeWidth { get; init; }

    /// <summary>
    /// The time embedding scales and shifts the normed states (diffusers: <c>scale_shift</c>); else it is added to them before the norm.
    /// </summary>
    public bool TimeScalesAndShifts { get; init; }

    /// <summary>What the sum of both branches is divided by.</summary>
    public double OutputScale { get; init; } = 1;
}
