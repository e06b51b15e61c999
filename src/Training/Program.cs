using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using DiffusionLens;
using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using Experiments.Cli;
using Training.Evaluation;
using Training.Language;
using Training.Recognition;
using Training.Rendering;
using Training.Runs;

NativeRuntime.TuneProcess();
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
RootCommand root = new("Renders, trains and evaluates the models that travel with the tool.")
{
    ScenesCommand.Create(),
    DocumentsCommand.Create(),
    EvaluateCommand.Create(),
    GenerateCommand.Create(),
};
foreach (Command training in TrainingCommands.All())
{
    root.Add(training);
}

try
{
    ParseResult parsed = root.Parse(args);
    if (parsed is { Action: ParseErrorAction, Errors: [var wrong, ..] })
    {
        throw new BadInputException(ParseErrorLine.Of(wrong, "--help"));
    }

    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (BadInputException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
catch (Exception failure) when (SystemFailure.Line(failure) is { } line)
{
    Console.Error.WriteLine(line);
    return 2;
}
