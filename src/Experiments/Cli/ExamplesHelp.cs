using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Experiments.Cli;

/// <summary>Help that ends with the command's examples.</summary>
internal sealed class ExamplesHelp : SynchronousCommandLineAction
{
    private readonly HelpAction _help;
    private readonly IReadOnlyList<Example> _ofRoot;

    private ExamplesHelp(HelpAction help, IReadOnlyList<Example> ofRoot)
    {
        _help = help;
        _ofRoot = ofRoot;
    }

    public override bool ClearsParseErrors => true;

    /// <summary>Gives the program's help its examples.</summary>
    /// <param name="root">The program.</param>
    /// <param name="examples">What to show when no command is named.</param>
    public static void AddTo(RootCommand root, params Example[] examples)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new ExamplesHelp((HelpAction)option.Action!, examples);
    }

    public override int Invoke(ParseResult parseResult)
    {
        int code = _help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        IReadOnlyList<Example> examples = parseResult.CommandResult.Command is DocumentedCommand taught ? taught.Examples : _ofRoot;
        output.WriteLine("Examples:");
        foreach (Example example in examples)
        {
            output.WriteLine($"  {example.Line}");
            output.WriteLine($"      {example.Does}");
        }

        return code;
    }
}
