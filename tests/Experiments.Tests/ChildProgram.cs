using System.Diagnostics;
using Experiments.Cli;
using Experiments.Console;
using Experiments.Results;
using Experiments.Verify;

namespace Experiments.Tests;

/// <summary>
/// This test assembly as a program of its own: torch reads its settings when a process starts, so a test of them needs a new process.
/// </summary>
internal static class ChildProgram
{
    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["check", string model, string golden]:
                GoldenOutcome outcome = GoldenVerification.Check(model, golden);
                System.Console.WriteLine(outcome.Summary);
                return outcome.Holds ? 0 : 1;
            case ["update", string model, string golden]:
                GoldenVerification.Update(model, golden);
                return 0;
            case ["cli", .. string[] words]:
                return CommandLine.Run(words, Terminal.OfProcess(CancellationToken.None));
            case ["claim", string folder]:
                using (FolderClaim.Take(new ResultsFolder(folder), System.Console.WriteLine))
                {
                    System.Console.WriteLine("taken");
                    System.Console.ReadLine();
                    return 0;
                }

            case ["start torch"]:
                return TorchSharp.torch.get_num_threads() > 0 ? 0 : 1;
            default:
                return 2;
        }
    }

    /// <summary>Runs <see cref="Main"/> in a new process.</summary>
    /// <returns>Its exit code, and what it printed: its output, then its errors.</returns>
    public static (int ExitCode, string Output) Run(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        RunIn(Environment.CurrentDirectory, environment, arguments);

    /// <summary>The same with another current folder.</summary>
    public static (int ExitCode, string Output) RunIn(
        string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, ["exec", typeof(ChildProgram).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
