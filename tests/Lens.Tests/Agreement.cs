namespace DiffusionLens.Tests;

/// <summary>How closely a computation in one type must agree with one of the two references.</summary>
/// <param name="Precision">Which reference: <see cref="Reference.AsTheyAre"/> or <see cref="Reference.Double"/>.</param>
/// <param name="DType">What ours is computed in.</param>
/// <param name="Relative">Largest difference, relative to the tensor's largest magnitude.</param>
public sealed record Agreement(string Precision, TorchSharp.torch.ScalarType DType, double Relative)
{
    /// <summary>Float64 against either reference, and float32.</summary>
    private static readonly Agreement[] All =
    [
        new(Reference.Double, TorchSharp.torch.float64, 1e-9),
        new(Reference.AsTheyAre, TorchSharp.torch.float64, 1e-6),
        new(Reference.AsTheyAre, TorchSharp.torch.float32, 1e-4),
    ];

    /// <summary>For what there is one of.</summary>
    public static TheoryData<Agreement> Each => [.. All];

    /// <summary>Both small pipelines of Stable Diffusion in float64 against either reference, and in float32.</summary>
    public static TheoryData<string, Agreement> Cases => Of("sd1", "sd2");

    /// <summary>The small pipeline of Stable Diffusion XL, likewise.</summary>
    public static TheoryData<string, Agreement> XL => Of(Reference.XL);

    /// <summary>The small pipelines of SD 3 and FLUX, likewise.</summary>
    public static TheoryData<string, Agreement> Flows => Of(Reference.SD3, Reference.Flux);

    /// <summary>The small pipeline of PixArt, likewise.</summary>
    public static TheoryData<string, Agreement> PixArt => Of(Reference.PixArt);

    private static TheoryData<string, Agreement> Of(params string[] pipelines)
    {
        TheoryData<string, Agreement> cases = [];
        foreach (string pipeline in pipelines)
        {
            foreach (Agreement agreement in All)
            {
                cases.Add(pipeline, agreement);
            }
        }

        return cases;
    }

    public override string ToString() => $"{DType} to {Relative} of {Precision}";
}
