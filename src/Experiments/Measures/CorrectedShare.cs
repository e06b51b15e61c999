namespace Experiments.Measures;

/// <summary>A share of rows as it would be by an annotator without errors, estimated by <see cref="RoganGladen"/>.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Interval">95 %, with what is not known of the annotator.</param>
/// <param name="Annotator">Whose errors.</param>
internal sealed record CorrectedShare(double Share, Interval Interval, string Annotator);
