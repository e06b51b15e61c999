namespace Lens.Tests;

/// <summary>How closely a computation in one type must agree with one of the two references.</summary>
/// <param name="Precision">Which reference: <see cref="Reference.AsTheyAre"/> or <see cref="Reference.Double"/>.</param>
/// <param name="DType">What ours is computed in.</param>
/// <param name="Relative">Largest difference, relative to the tensor's largest magnitude.</param>
public sealed record Agreement(string Precision, TorchSharp.torch.ScalarType DType, double Relative)
{
    /// <summary>Both small pipelines in float64 against either reference, and in float32.</summary>
    public static TheoryData<string, Agreement> Cases
    {
        get
        {
            Agreement[] agreements =
            [
                new(Reference.Double, TorchSharp.torch.float64, 1e-9),
                new(Reference.AsTheyAre, TorchSharp.torch.float64, 1e-6),
                new(Reference.AsTheyAre, TorchSharp.torch.float32, 1e-4),
            ];
            TheoryData<string, Agreement> cases = [];
            foreach (string pipeline in new[] { "sd1", "sd2" })
            {
                foreach (Agreement agreement in agreements)
                {
                    cases.Add(pipeline, agreement);
                }
            }

            return cases;
        }
    }

    public override string ToString() => $"{DType} to {Relative} of {Precision}";
}
