namespace Experiments.Runs;

/// <summary>What <c>calibrate</c> was asked for.</summary>
internal sealed record CalibrationRequest
{
    /// <summary>The folder of images whose truth is known.</summary>
    public required string Images { get; init; }

    /// <summary>What is true of them; null: <c>truth.csv</c> beside them.</summary>
    public string? Truth { get; init; }

    /// <summary>The model whose words and annotators are taken.</summary>
    public required string Model { get; init; }

    /// <summary>Who is asked.</summary>
    public required AnnotatorRequest Annotators { get; init; }

    /// <summary>At most so many images; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>The folder to write to; null: <c>results/calibration/IMAGES</c>.</summary>
    public string? Out { get; init; }
}
