using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Soak;

/// <summary>The tool as a process, as a user starts it.</summary>
internal sealed partial class Tool : IDisposable
{
    /// <summary>Longer than any run here, on a machine with much else to do.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(8);

    private readonly Process _process;
    private readonly List<(TimeSpan At, string Text)> _lines = [];
    private readonly List<string> _errors = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    private Tool(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.Add(line.Data ?? "");
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>How many processes were started.</summary>
    public static int Started => _started;

    private static int _started;

    /// <summary>Starts it.</summary>
    /// <param name="folder">The current folder.</param>
    /// <param name="container">Words before it that start it in a container; empty: none.</param>
    public static Tool Start(string folder, IReadOnlyList<string> arguments, IReadOnlyList<string>? container = null)
    {
        Interlocked.Increment(ref _started);
        string tool = Path.Combine(AppContext.BaseDirectory, "dlens-repro.dll");
        string[] words = [.. container ?? [], Environment.ProcessPath!, "exec", tool, .. arguments];
        ProcessStartInfo start = new(words[0], words[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The number of threads can change the last bits of an image.
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return new Tool(Process.Start(start)!);
    }

    /// <summary>What it printed so far, with times since its start.</summary>
    public IReadOnlyList<(TimeSpan At, string Text)> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>What it said on standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return string.Join('\n', _errors).Trim();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Waits until it has printed so many lines, or has ended.</summary>
    public void WaitForLines(int count)
    {
        while (!_process.HasExited && Lines.Count < count)
        {
            Thread.Sleep(2);
        }
    }

    /// <summary>Sends a signal; SIGKILL is 9.</summary>
    public void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, signal);
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code; of a signal's, 128 and its number.</returns>
    public int Wait()
    {
        if (!_process.WaitForExit(Longest))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            return Hung;
        }

        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>What <see cref="Wait"/> gives of a process that did not end.</summary>
    public const int Hung = 124;

    public void Dispose() => _process.Dispose();

    private void Add(string? line)
    {
        if (line is not null)
        {
            lock (_lines)
            {
                _lines.Add((_watch.Elapsed, line));
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
