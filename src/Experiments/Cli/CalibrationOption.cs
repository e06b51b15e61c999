using System.CommandLine;

namespace Experiments.Cli;

/// <summary>The option by which shares are corrected for annotators' errors.</summary>
internal static class CalibrationOption
{
    public static Option<string?> Make() => new("--calibration")
    {
        Description = "Show beside each share what it is once corrected for the annotator's errors, by a calibration.csv of 'calibrate'.",
        HelpName = "FILE",
    };
}
