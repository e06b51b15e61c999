using System.IO.Enumeration;
using CsvHelper;
using DiffusionLens;
using Experiments.Files;
using Experiments.Specs;

namespace Experiments.Plans;

/// <summary>The prompts of a table: those that the paper's authors released load as they are.</summary>
internal static class TablePrompts
{
    /// <summary>Reads the rows that are wanted, each prompt once, in the file's order. Empty lines are passed over.</summary>
    /// <exception cref="BadInputException">The file is missing, is no such table, or lacks a column or a word.</exception>
    public static IReadOnlyList<SampledPrompt> Read(PromptSource.FromTable source)
    {
        string path = SpecRelativeFile.Find(source.Path, source.Location);
        return CsvTable.Read(path, csv => Read(source, path, csv));
    }

    private static List<SampledPrompt> Read(PromptSource.FromTable source, string path, CsvReader csv)
    {
        TableColumn[] named = [source.PromptColumn, .. source.Columns.Values, .. source.Where.Select(condition => condition.Column)];
        foreach (TableColumn column in named)
        {
            if (!csv.Headers.Contains(column.Name))
            {
                throw column.Location.Unknown(column.Name, $"column of {path}", csv.Headers);
            }
        }
        List<SampledPrompt> prompts = [];
        HashSet<string> texts = [];
        while (csv.Read())
        {
            string text = Cell(csv, source.PromptColumn);
            bool isWanted = source.Where.All(condition =>
                FileSystemName.MatchesSimpleExpression(condition.Pattern, Cell(csv, condition.Column)));
            if (text.Trim().Length > 0 && isWanted && texts.Add(text))
            {
                prompts.Add(new SampledPrompt(text, WordsOf(source, path, csv)));
            }
        }
        return prompts;
    }

    private static Dictionary<string, string> WordsOf(PromptSource.FromTable source, string path, CsvReader csv)
    {
        Dictionary<string, string> words = source.Fixed.ToDictionary(entry => entry.Key.Name, entry => entry.Value);
        foreach ((Slot slot, TableColumn column) in source.Columns)
        {
            string word = Cell(csv, column).Trim();
            words[slot.Name] =
                word.Length > 0
                    ? word
                    : throw new BadInputException(
                        $"{path}:{csv.LineNumber}: nothing in column '{column.Name}', which is to give the prompt's {slot.Name}; "
                            + "write it there");
        }
        return words;
    }

    private static string Cell(CsvReader csv, TableColumn column) =>
        csv.TryGetFieldIndex(column.Name, out int place) ? csv.GetString(place) : "";
}
