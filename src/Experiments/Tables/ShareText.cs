using Experiments.Measures;

namespace Experiments.Tables;

/// <summary>
/// Shares in cells and sentences, rounded: <c>71.2 % [65.0, 77.1]</c>. (The paper's are cut: <see cref="TableSheet.Percent"/>.)
/// </summary>
internal static class ShareText
{
    /// <summary>A share in percent with a decimal, and its interval where there is one.</summary>
    /// <param name="share">The share, 0 to 1; null for none.</param>
    public static string Of(double? share, Interval? interval = null) => share is null ? "–"
        : interval is null ? FormattableString.Invariant($"{100 * share:0.0} %")
        : FormattableString.Invariant($"{100 * share:0.0} % [{100 * interval.Low:0.0}, {100 * interval.High:0.0}]");

    /// <summary>A counted share with its interval; a dash where nothing was counted.</summary>
    public static string Of(CountedShare share) => Of(share.All == 0 ? null : share.Value, share.Interval);
}
