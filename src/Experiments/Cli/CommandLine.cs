using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using DiffusionLens;
using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using Experiments.Console;

namespace Experiments.Cli;

/// <summary>
/// The command line: what is understood, and how a command ends. Nothing here or in the making of the commands touches torch, so that
/// help, completion and version answer at once.
/// </summary>
internal static class CommandLine
{
    private const string Name = "dlens-repro";

    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">The words after the program's name.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        RootCommand root = Make(terminal);
        ParseResult parsed = root.Parse(WithCommand(arguments, root));
        try
        {
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
            {
                string help = string.Join(
                    ' ',
                    [Name, .. parsed.CommandResult.Command is RootCommand ? [] : new[] { parsed.CommandResult.Command.Name }, "--help"]);
                throw new BadInputException(ParseErrorLine.Of(parsed.Errors[0], help));
            }

            if (parsed.Action is not HelpAction && Environment.GetEnvironmentVariable(LibTorchFolder.Variable) is { Length: > 0 } folder)
            {
                LibTorchFolder.Use(folder);
            }

            return parsed.Invoke(new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (BadInputException problem)
        {
            terminal.Error.WriteLine($"{Name}: {OneLine(problem.Message)}");
            return ExitCode.BadInput;
        }
        catch (Exception stop) when (terminal.Cancellation.IsCancellationRequested && IsStop(stop))
        {
            terminal.Error.WriteLine($"{Name}: stopped{GoesOn(parsed)}");
            return ExitCode.Interrupted;
        }
        catch (Exception failure) when (SystemFailure.Causes(failure).OfType<BadInputException>().FirstOrDefault() is { } problem)
        {
            terminal.Error.WriteLine($"{Name}: {OneLine(problem.Message)}");
            return ExitCode.BadInput;
        }
        catch (Exception failure) when (SystemFailure.Line(failure) is { } line)
        {
            terminal.Error.WriteLine($"{Name}: {OneLine(line)}{GoesOn(parsed)}");
            return ExitCode.BadInput;
        }
        catch (Exception fault)
        {
            terminal.Error.WriteLine($"{Name}: this is a fault of the program, not of what it was given:");
            terminal.Error.WriteLine(fault);
            return ExitCode.Fault;
        }
    }

    // A terminal that was closed cannot be written to either.
    private static bool IsStop(Exception stop)
        => SystemFailure.Causes(stop).Any(cause => cause is OperationCanceledException or IOException);

    private static string GoesOn(ParseResult parsed) => parsed.CommandResult.Command is DocumentedCommand { IsResumable: true }
        ? "; what was done is kept, and the same command goes on from there"
        : "";

    // Names of files and of what is in them may have line ends.
    private static string OneLine(string message) => string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static RootCommand Make(Terminal terminal)
    {
        RootCommand root = new("Images from every layer of a text-to-image model's text encoder, and the experiments on them.")
        {
            new Argument<string?>("SPEC") { Hidden = true, Arity = ArgumentArity.ZeroOrOne, CompletionSources = { Completions.Specs } },
            RunCommand.Make(terminal),
            AnnotateCommand.Make(terminal),
            ExportCommand.Make(terminal),
            ImportCommand.Make(terminal),
            FiguresCommand.Make(terminal),
            CalibrateCommand.Make(terminal),
            PaperCommand.Make(terminal),
            BeyondCommand.Make(terminal),
            LensCommand.Make(terminal),
            TokenizeCommand.Make(terminal),
            ConvertCommand.Make(terminal),
            InspectCommand.Make(terminal),
            ListCommand.Make(terminal),
            PlanCommand.Make(terminal),
            MergeCommand.Make(terminal),
            SlurmCommand.Make(terminal),
            KubernetesCommand.Make(terminal),
            ValidateCommand.Make(terminal),
            VerifyCommand.Make(terminal),
        };
        root.SetAction(void (_) => throw new BadInputException($"no command given; see {Name} --help"));
        ExamplesHelp.AddTo(
            root,
            new("dlens-repro colors.yaml", "an experiment, from its images to its report"),
            new("dlens-repro lens \"a red car and a blue star\"", "one sheet with an image from each layer"),
            new("dlens-repro list", "the experiments and models there are"));
        return root;
    }

    // 'colors.yaml --limit 2' means 'run colors.yaml --limit 2'.
    private static IReadOnlyList<string> WithCommand(IReadOnlyList<string> arguments, RootCommand root) =>
        arguments.Count > 0 && arguments[0][..Math.Min(1, arguments[0].Length)] is not ("-" or "[" or "")
            && root.Subcommands.All(command => command.Name != arguments[0])
            ? [RunCommand.Name, .. arguments]
            : arguments;
}
