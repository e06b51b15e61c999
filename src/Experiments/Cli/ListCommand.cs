using System.CommandLine;
using DiffusionLens;
using DiffusionLens.Families;
using Experiments.Catalog;
using Experiments.Console;
using Experiments.Models;
using Experiments.Specs.Reading;
using MiniWorld;

namespace Experiments.Cli;

/// <summary><c>list</c>: the experiments, models and lexicons there are.</summary>
internal static class ListCommand
{
    public static Command Make(Terminal terminal)
    {
        Command command = new DocumentedCommand(
            "list",
            "Lists the experiments, models and lexicons there are, in the current folder and in the tool.",
            new Example("dlens-repro list", "all of them"));
        command.SetAction(_ =>
        {
            Write(terminal.Output, "experiments", AssetCatalog.Experiments, path => ExperimentReader.Read(path).Title);
            Write(terminal.Output, "models", AssetCatalog.Models, DescribeModel);
            Write(terminal.Output, "lexicons", AssetCatalog.Lexicons, DescribeLexicon);
        });
        return command;
    }

    private static void Write(TextWriter output, string heading, AssetCatalog shelf, Func<string, string> describe)
    {
        output.WriteLine(heading);
        foreach (string name in shelf.Names())
        {
            Asset found = shelf.Find(name);
            output.WriteLine($"  {name,-18}{Describe(found.Path, describe)}{(found.IsOfTool ? "" : $" ({found})")}".TrimEnd());
        }
    }

    // A broken one is listed too, with what is wrong with it.
    private static string Describe(string path, Func<string, string> describe)
    {
        try
        {
            return describe(path);
        }
        catch (BadInputException problem)
        {
            return $"! {problem.Message}";
        }
    }

    private static string DescribeLexicon(string path)
    {
        Lexicon lexicon = Lexicon.Load(path);
        return $"{lexicon.AllWords.Count} words: {string.Join(", ", lexicon.GroupNames)}";
    }

    private static string DescribeModel(string folder)
    {
        if (!ModelFamily.IsModel(folder))
        {
            return "no text-to-image model: a part that others use";
        }

        ModelInfo card = ModelInfo.Read(folder);
        return $"{card.LayerCount} layers, words of {card.Lexicon}, "
            + $"answers by {(card.Recognizer is null ? "people" : Path.GetFileName(card.Recognizer))}";
    }
}
