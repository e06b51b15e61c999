using System.Diagnostics;
using DiffusionLens;

namespace Fuzz;

/// <summary>Gives a reader inputs, one at a time, and measures what each costs.</summary>
internal sealed class Trial
{
    private readonly FuzzedReader _reader;
    private readonly string _folder;
    private readonly MemoryWatch _memory;

    /// <param name="folder">Its folder, which is made.</param>
    public Trial(FuzzedReader reader, string folder, MemoryWatch memory)
    {
        (_reader, _folder, _memory) = (reader, folder, memory);
        reader.Prepare(folder);
    }

    /// <summary>The longest that an input took, in seconds of processor time.</summary>
    public double Slowest { get; private set; }

    /// <summary>Processor time of all inputs together, in seconds.</summary>
    public double Seconds { get; private set; }

    /// <summary>The most memory that an input took, in bytes.</summary>
    public long MostMemory { get; private set; }

    /// <summary>Reads one input; afterwards the folder is as it was.</summary>
    public Outcome Run(FuzzedInput input)
    {
        string path = Path.Combine(_folder, input.File.Path);
        input.Content.WriteTo(path);
        _memory.Begin();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        Outcome outcome = Ended();
        TimeSpan took = Environment.CpuUsage.TotalTime - before;
        long memory = _memory.End();
        input.File.Corpus[0].WriteTo(path);
        Seconds += took.TotalSeconds;
        Slowest = Math.Max(Slowest, took.TotalSeconds);
        MostMemory = Math.Max(MostMemory, memory);
        return outcome.Verdict == Verdict.Finding ? outcome
            : took > Limits.Processor ? new Outcome(Verdict.Finding, "slow", $"{took.TotalSeconds:0.0} s of processor time")
            : memory > Limits.Memory ? new Outcome(Verdict.Finding, "memory", $"{memory / 1e6:0} MB more")
            : outcome;
    }

    private Outcome Ended()
    {
        try
        {
            _reader.Read(_folder);
            return new Outcome(Verdict.Taken);
        }
        catch (BadInputException refusal)
        {
            return refusal.Message.Length <= Limits.Message
                ? new Outcome(Verdict.Refused)
                : new Outcome(Verdict.Finding, $"a line of too many letters {Where(refusal)}", refusal.Message[..Limits.Message]);
        }
        catch (Exception fault)
        {
            return new Outcome(Verdict.Finding, $"{fault.GetType().Name} {Where(fault)}", fault.ToString());
        }
    }

    // The first line of ours on the stack tells one fault from another.
    private static string Where(Exception fault)
    {
        StackFrame? own = new StackTrace(fault).GetFrames().FirstOrDefault(frame =>
            frame.GetMethod()?.DeclaringType?.Assembly.GetName().Name is "DiffusionLens" or "dlens-repro" or "DiffusionLens.MiniWorld");
        return own?.GetMethod() is { } method ? $"in {method.DeclaringType?.Name}.{method.Name}" : "outside";
    }
}
