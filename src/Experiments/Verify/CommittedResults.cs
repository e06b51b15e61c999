using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using DiffusionLens;

namespace Experiments.Verify;

/// <summary>
/// The reference results as they were committed, taken out of git into a folder of their own: a new run writes over those in
/// <c>results/</c>.
/// </summary>
internal sealed class CommittedResults : IDisposable
{
    private readonly string _temporary = Directory.CreateTempSubdirectory("dlens-reference-").FullName;

    /// <summary>Takes them out of the checkout.</summary>
    /// <param name="results">The folder of results in it.</param>
    /// <param name="checkout">A folder of the checkout, from which the other one is named; null for the current one.</param>
    /// <exception cref="BadInputException">There is no git, no checkout, or nothing committed in it.</exception>
    public CommittedResults(string results, string? checkout = null)
    {
        try
        {
            using MemoryStream tar = Archive(results, checkout ?? Directory.GetCurrentDirectory());
            TarFile.ExtractToDirectory(tar, _temporary, overwriteFiles: false);
        }
        catch
        {
            Dispose();
            throw;
        }

        Folder = Path.Combine(_temporary, results);
    }

    /// <summary>Where they are until this is disposed.</summary>
    public string Folder { get; }

    public void Dispose() => Directory.Delete(_temporary, recursive: true);

    private static MemoryStream Archive(string results, string checkout)
    {
        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", ["archive", "--format=tar", "HEAD", results])
            {
                WorkingDirectory = checkout,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            MemoryStream tar = new();
            git.StandardOutput.BaseStream.CopyTo(tar);
            git.StandardError.ReadToEnd();
            git.WaitForExit();
            tar.Position = 0;
            return git.ExitCode == 0 ? tar : throw None(results);
        }
        catch (Win32Exception)
        {
            throw None(results);
        }
    }

    private static BadInputException None(string results) =>
        new(
            $"{results}: no reference results are committed here; "
                + "run this in a clone of the repository, or name a folder of results with --reference");
}
