namespace Experiments.Clusters;

/// <summary>How this program is started again, whatever PATH is then.</summary>
internal static class ThisProgram
{
    /// <summary>The words of its command line before the arguments: by dotnet where it was started by that.</summary>
    public static IReadOnlyList<string> Words
    {
        get
        {
            string process = Environment.ProcessPath ?? "dlens-repro";
            return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, typeof(ThisProgram).Assembly.Location] : [process];
        }
    }
}
