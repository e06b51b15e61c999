namespace Soak;

/// <summary>The tool's exit codes.</summary>
internal static class Exit
{
    public const int Done = 0, BadInput = 2, Fault = 70, Interrupted = 130;
}
