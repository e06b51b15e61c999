using DiffusionLens.Runtime;

namespace DiffusionLens.Tests.Runtime;

public sealed class LibTorchFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void The_folder_of_PyTorch_or_its_libraries_is_taken()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        string libraries = _folder["lib"];
        WriteLibrary(libraries);
        Assert.Equal(libraries, LibTorchFolder.LibrariesOf(_folder.Path));
        Assert.Equal(libraries, LibTorchFolder.LibrariesOf(libraries));
    }

    [SkippableFact]
    public void A_folder_without_it_is_told_with_what_would_be_right()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        string advice = "; give the folder of a PyTorch: python3 -c \"import torch; print(torch.__path__[0])\"";
        Assert.Equal($"DLENS_LIBTORCH: {_folder.Path}: has no libtorch_cpu.so, nor has its lib{advice}", Refusal(_folder.Path));
        Assert.Equal($"DLENS_LIBTORCH: {_folder["x"]}: there is no such folder{advice}", Refusal(_folder["x"]));
    }

    [SkippableTheory]
    [InlineData("version.py", "from typing import Optional\n\n__version__ = '2.6.0+cu124'\ndebug = False\n", "2.6.0+cu124")]
    [InlineData("build-version", "2.1.0+cpu\n", "2.1.0+cpu")]
    public void Another_version_is_refused_before_it_is_loaded(string file, string text, string version)
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        WriteLibrary(_folder["lib"]);
        File.WriteAllText(_folder[file], text);
        Assert.Equal(
            $"DLENS_LIBTORCH: {_folder.Path}: is of PyTorch {version}; this program works with 2.10 and 2.11", Refusal(_folder.Path));
    }

    [Fact]
    public void Where_no_file_tells_a_version_there_is_none() => Assert.Null(LibTorchFolder.VersionOf(_folder.Path));

    private static string Refusal(string folder) => Assert.Throws<BadInputException>(() => LibTorchFolder.Use(folder)).Message;

    private static void WriteLibrary(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "libtorch_cpu.so"), "no library");
    }
}
