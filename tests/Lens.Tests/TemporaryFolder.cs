namespace DiffusionLens.Tests;

/// <summary>A folder of a test's own, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("dlens-test-").FullName;

    public void Copy(string from, params string[] names)
    {
        foreach (string name in names)
        {
            File.WriteAllBytes(this[name], File.ReadAllBytes(System.IO.Path.Combine(from, name)));
        }
    }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
