using System.CommandLine;
using System.Globalization;
using DiffusionLens;
using DiffusionLens.Runtime;
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
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (BadInputException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
