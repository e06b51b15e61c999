namespace Experiments.Cli;

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    /// <summary>Done, or there was nothing to do.</summary>
    public const int Done = 0;

    /// <summary><c>verify</c> found a difference.</summary>
    public const int Differs = 1;

    /// <summary>Bad input: one line on standard error says what, where and what would be right.</summary>
    public const int BadInput = 2;

    /// <summary>A fault of this program; its trace is on standard error.</summary>
    public const int Fault = 70;

    /// <summary>Stopped by Ctrl-C, SIGTERM or SIGHUP; what was done is kept.</summary>
    public const int Interrupted = 130;
}
