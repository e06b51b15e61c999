namespace Experiments.Tests.Import;

/// <summary>
/// The authors' release, where it is: named by <c>DLENS_RELEASE</c>, or as <c>shared/paper/release</c> beside the checkout.
/// </summary>
internal static class TrueRelease
{
    public static string Folder
    {
        get
        {
            string? named = Environment.GetEnvironmentVariable("DLENS_RELEASE");
            for (DirectoryInfo? folder = new(AppContext.BaseDirectory); named is null && folder is not null; folder = folder.Parent)
            {
                string beside = Path.Combine(folder.FullName, "shared", "paper", "release");
                named = Directory.Exists(beside) ? beside : null;
            }

            Skip.If(named is null, "the authors' release is not here; name its folder in DLENS_RELEASE");
            return named!;
        }
    }
}
