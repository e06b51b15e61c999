using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Fuzz;

/// <summary>A <see cref="Worker"/> as a process.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly string _folder;
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    public WorkerProcess(string folder, int seed)
    {
        _folder = folder;
        ProcessStartInfo start = new(Environment.ProcessPath!, ["exec", typeof(Worker).Assembly.Location, "work", folder, $"{seed}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = Limits.Heap.ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["OMP_NUM_THREADS"] = "1";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            // Of an overflown stack the first lines say where.
            if (_errors.Length < 4000)
            {
                _errors.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
    }

    /// <summary>The input that it was at.</summary>
    public int At => BitConverter.ToInt32(File.ReadAllBytes(Path.Combine(_folder, Worker.AtName)));

    public int ExitCode => _process.ExitCode;

    /// <summary>What it said on standard error.</summary>
    public string Errors => _errors.ToString();

    /// <summary>Does a job.</summary>
    /// <returns>False where the process ended.</returns>
    public bool Do(string reader, int from, int to, Action<WorkerAnswer> take)
    {
        _process.StandardInput.WriteLine($"{reader} {from} {to}");
        _process.StandardInput.Flush();
        while (_process.StandardOutput.ReadLine() is string line)
        {
            WorkerAnswer answer = JsonSerializer.Deserialize<WorkerAnswer>(line)!;
            take(answer);
            if (answer.Finding is null)
            {
                return true;
            }
        }

        _process.WaitForExit();
        return false;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
        {
            _process.Kill();
        }

        _process.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
