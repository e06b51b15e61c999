using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Experiments.Tests.Annotation;

/// <summary>A process of its own that runs <c>annotate</c>.</summary>
internal sealed partial class AnnotateProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private int _linksTaken;

    private AnnotateProcess(Process process) => _process = process;

    public static AnnotateProcess Start(params string[] arguments)
    {
        // A shell's background job ignores SIGINT, and so would its children.
        ProcessStartInfo start = new(
            "env",
            [
                "--default-signal=INT", Environment.ProcessPath!, "exec", typeof(ChildProgram).Assembly.Location,
                "interruptible", "annotate", "--no-open", .. arguments,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        AnnotateProcess annotate = new(Process.Start(start)!);
        annotate._process.OutputDataReceived += (_, line) => annotate.Note(line.Data);
        annotate._process.ErrorDataReceived += (_, line) => annotate.Note(line.Data);
        annotate._process.BeginOutputReadLine();
        annotate._process.BeginErrorReadLine();
        return annotate;
    }

    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>A link that nobody has used.</summary>
    public async Task<string> LinkAsync()
    {
        _linksTaken++;
        for (Stopwatch waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(20))
        {
            MatchCollection links = LinkPattern().Matches(Output);
            if (links.Count >= _linksTaken)
            {
                return links[_linksTaken - 1].Value;
            }

            if (_process.HasExited)
            {
                break;
            }
        }

        throw new InvalidOperationException($"It printed no link:\n{Output}");
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM or SIGINT.</summary>
    /// <returns>The exit code.</returns>
    public int End(PosixSignal signal)
    {
        using Process kill = Process.Start("kill", [signal == PosixSignal.SIGINT ? "-INT" : "-TERM", $"{_process.Id}"]);
        Assert.True(_process.WaitForExit(Patience), "It did not end");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private void Note(string? line)
    {
        lock (_lines)
        {
            _lines.Add(line ?? "");
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/\?token=\w+")]
    private static partial Regex LinkPattern();
}
