using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace DiffusionLens.Runtime;

/// <summary>
/// A libtorch that is already there, as in an installation of PyTorch, in place of the one beside the program: with CUDA, where it has
/// CUDA. On Linux alone.
/// </summary>
public static partial class LibTorchFolder
{
    /// <summary>The environment variable that the tool takes the folder from.</summary>
    public const string Variable = "DLENS_LIBTORCH";

    private const string Processor = "libtorch_cpu.so", Graphics = "libtorch_cuda.so";

    // TorchSharp 0.107 is built for 2.10; what it calls is the same in 2.11.
    private static readonly string[] Fitting = ["2.10", "2.11"];

    private static string? _used;

    /// <summary>Loads it. This is for the whole process, and comes before the first use of TorchSharp.</summary>
    /// <param name="folder">
    /// A folder with <c>libtorch_cpu.so</c>, or one with that in its <c>lib</c>: of PyTorch the folder <c>torch</c>, which is
    /// <c>python3 -c "import torch; print(torch.__path__[0])"</c>.
    /// </param>
    /// <exception cref="BadInputException">It is none, of another version, or cannot be loaded.</exception>
    /// <exception cref="InvalidOperationException">TorchSharp has loaded another.</exception>
    public static void Use(string folder)
    {
        string libraries = Path.GetFullPath(LibrariesOf(folder));
        if (_used == libraries)
        {
            return;
        }

        RequireVersion(folder, libraries);
        if (_used is not null || Mapped().Any())
        {
            throw new InvalidOperationException("TorchSharp has loaded a libtorch already.");
        }

        // What comes with CUDA first: it brings the rest, and its own copies of CUDA's libraries, along.
        string graphics = Path.Combine(libraries, Graphics);
        if (File.Exists(graphics))
        {
            Try(folder, () => NativeLibrary.Load(graphics));
        }

        nint processor = Try(folder, () => NativeLibrary.Load(Path.Combine(libraries, Processor)));
        StandIn(processor, Path.Combine(AppContext.BaseDirectory, Processor));
        Try(folder, () => NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null));
        _ = torch.TryInitializeDeviceType(DeviceType.CPU);
        if (Mapped().Count() > 1)
        {
            throw new BadInputException(
                $"{Variable}: {folder}: cannot stand in for the libtorch that came with the program; remove "
                + Path.Combine(AppContext.BaseDirectory, Processor));
        }

        _used = libraries;
    }

    /// <summary>
    /// TorchSharp loads the libtorch beside the program by its path, as a second one. The loader knows what it has loaded by name; so the
    /// first is given that path as its name, of which <c>link.h</c> tells the place.
    /// </summary>
    private static unsafe void StandIn(nint library, string path)
    {
        const int LinkMap = 2;
        try
        {
            nint* map = null;
            if (LoaderInformation(library, LinkMap, &map) == 0)
            {
                // Of the base address and the name, the second. The loader keeps the string.
                map[1] = Marshal.StringToCoTaskMemUTF8(path);
            }
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library; whether there are two libtorchs then is looked at afterwards.
        }
    }

    /// <summary>The files of libtorch that are in this process's memory.</summary>
    private static IEnumerable<string> Mapped() => File.ReadLines("/proc/self/maps")
        .Where(line => line.EndsWith($"/{Processor}", StringComparison.Ordinal))
        .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])
        .Distinct();

    /// <summary>Where a folder's libraries are.</summary>
    /// <exception cref="BadInputException">It has none.</exception>
    internal static string LibrariesOf(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BadInputException($"{Variable}: works on Linux alone");
        }

        string[] places = [folder, Path.Combine(folder, "lib")];
        return places.FirstOrDefault(place => File.Exists(Path.Combine(place, Processor))) ?? throw new BadInputException(
            $"{Variable}: {folder}: {(Directory.Exists(folder) ? $"has no {Processor}, nor has its lib" : "there is no such folder")}; "
            + "give the folder of a PyTorch: python3 -c \"import torch; print(torch.__path__[0])\"");
    }

    /// <summary>The version that the files beside the libraries tell; null where none does.</summary>
    internal static string? VersionOf(string libraries)
    {
        foreach (string place in new[] { libraries, Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(libraries)) ?? libraries })
        {
            foreach (string name in new[] { "version.py", "build-version" })
            {
                string file = Path.Combine(place, name);
                if (File.Exists(file) && Version().Match(File.ReadAllText(file)) is { Success: true } match)
                {
                    return match.Groups["version"].Value;
                }
            }
        }

        return null;
    }

    private static void RequireVersion(string folder, string libraries)
    {
        if (VersionOf(libraries) is { } version && !Fitting.Any(fitting => version.StartsWith(fitting + ".", StringComparison.Ordinal)))
        {
            throw new BadInputException(
                $"{Variable}: {folder}: is of PyTorch {version}; this program works with {string.Join(" and ", Fitting)}");
        }
    }

    private static nint Try(string folder, Func<nint> load)
    {
        try
        {
            return load();
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            // The loader's own words come last.
            string reason = failure.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
            throw new BadInputException($"{Variable}: {folder}: cannot be loaded ({reason})", failure);
        }
    }

    [LibraryImport("libc", EntryPoint = "dlinfo")]
    private static unsafe partial int LoaderInformation(nint library, int request, void* answer);

    [GeneratedRegex(@"(^|__version__\s*=\s*['""])(?<version>\d+\.\d+\.\d+[^\s'""]*)", RegexOptions.Multiline)]
    private static partial Regex Version();
}
