using System.CommandLine;
using Lens;
using Training.Rendering;

RootCommand root = new("Renders, trains and evaluates the models that travel with the tool.")
{
    ScenesCommand.Create(),
};
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (BadInputException complaint)
{
    Console.Error.WriteLine(complaint.Message);
    return 2;
}
