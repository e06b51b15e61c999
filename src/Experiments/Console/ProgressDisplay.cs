using System.Diagnostics;
using Spectre.Console;

namespace Experiments.Console;

/// <summary>Shows how a stage goes: a bar where a person watches, else a line now and then.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    /// <summary>Does a stage's work.</summary>
    /// <param name="terminal">Where to show it.</param>
    /// <param name="line">How far it is.</param>
    /// <param name="work">The work; tells how many there are.</param>
    public static T Show<T>(Terminal terminal, ProgressLine line, Func<Action<double>, T> work) =>
        terminal.IsInteractive ? ShowBar(line, work) : ShowLines(terminal, line, work);

    private static T ShowBar<T>(ProgressLine line, Func<Action<double>, T> work) => AnsiConsole.Progress()
        .AutoClear(true)
        .Columns(new SpinnerColumn(), new ProgressBarColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(line.ToString()), maxValue: Math.Max(1, line.All));
            return work(done =>
            {
                line.Advance(done);
                task.Value = done;
                task.Description = Markup.Escape(line.ToString());
            });
        });

    private static T ShowLines<T>(Terminal terminal, ProgressLine line, Func<Action<double>, T> work)
    {
        Stopwatch sinceLine = Stopwatch.StartNew();
        return work(done =>
        {
            line.Advance(done);
            if (sinceLine.Elapsed >= BetweenLines)
            {
                terminal.Output.WriteLine(line);
                sinceLine.Restart();
            }
        });
    }
}
