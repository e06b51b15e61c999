using System.Diagnostics;

namespace DiffusionLens.Runtime;

/// <summary>
/// What takes time, as activities of the source <see cref="SourceName"/> for whoever listens (an <see cref="ActivityListener"/>,
/// OpenTelemetry): <c>hash</c>, <c>load</c>, <c>encode</c>, <c>denoise</c> (a call of the denoiser and the sampler's step), <c>decode</c>.
/// Where nobody listens there are none.
/// </summary>
public static class LensActivity
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "DiffusionLens";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins one, which ends when it is disposed of; null where nobody listens.</summary>
    internal static Activity? Start(string name) => Source.StartActivity(name);
}
