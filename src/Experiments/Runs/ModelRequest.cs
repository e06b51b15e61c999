namespace Experiments.Runs;

/// <summary>Which model to run, where and in which type, as it was asked for.</summary>
/// <param name="Model">An embedded model's name, or a folder.</param>
/// <param name="Device"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
/// <param name="DType">One of <see cref="DTypes"/>.</param>
internal sealed record ModelRequest(string Model, string Device, string DType)
{
    public const string DefaultModel = "mini-sd";
    public const string DefaultDevice = "cpu";
    public const string DefaultDType = "float32";

    /// <summary>The types that a model can be computed in.</summary>
    public static readonly string[] DTypes = ["float64", "float32", "bfloat16", "float16"];
}
