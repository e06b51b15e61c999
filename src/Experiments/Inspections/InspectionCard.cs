using DiffusionLens.Families;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;
using Experiments.Console;
using Experiments.Models;
using Humanizer;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Experiments.Inspections;

/// <summary>An inspection on one screen.</summary>
internal static class InspectionCard
{
    private const int PlainWidth = 140, MostIgnored = 8;

    public static void Write(ModelReference reference, ModelInspection inspection, Terminal terminal)
    {
        Rows card = new(Heading(reference, inspection), Parts(inspection), Facts(reference, inspection));
        if (terminal.IsInteractive)
        {
            AnsiConsole.Write(card);
            return;
        }

        using StringWriter text = new();
        IAnsiConsole plain = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        plain.Profile.Width = PlainWidth;
        plain.Write(card);
        string[] lines = text.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n');
        terminal.Output.Write(string.Concat(lines.Select(line => line.TrimEnd() + "\n")));
    }

    private static Markup Heading(ModelReference reference, ModelInspection inspection)
    {
        string layers = inspection.Description is { } known ? $", layers 0 to {known.LayerCount}" : "";
        string places = string.Join('\n', inspection.Stages.Select(stage => stage.Snapshot is { } hub
            ? $"{hub.Name} in the hub's cache, commit {hub.Commit}"
            : reference.Folders.FirstOrDefault(folder => folder.Path == stage.Path)?.ToString() ?? stage.Path));
        string classes = string.Join(" and ", inspection.Stages.Select(stage => stage.PipelineClass));
        return new Markup(
            $"[bold]{Markup.Escape(reference.Name)}[/]  {Markup.Escape(inspection.Family)} ({Markup.Escape(classes)}){layers}\n"
            + $"[grey]{Markup.Escape(places)}[/]\n");
    }

    private static Table Parts(ModelInspection inspection)
    {
        Table table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (string column in new[] { "part", "class", "files", "type" })
        {
            table.AddColumn(new TableColumn(new Markup($"[grey]{column}[/]")));
        }

        table.AddColumn(new TableColumn(new Markup("[grey]parameters[/]")).RightAligned().NoWrap());
        table.AddColumn(new TableColumn(new Markup("[grey]size[/]")).RightAligned().NoWrap());
        foreach (PartInspection part in inspection.Parts)
        {
            table.AddRow(Cells(part, inspection).Select(cell => (IRenderable)new Markup(cell)));
        }

        TypeShare[] all = [.. inspection.Parts.SelectMany(part => part.Weights)];
        return table.AddRow(
            [
                new Markup("[grey]all[/]"), Text.Empty, Text.Empty, Text.Empty,
                new Markup($"[bold]{InspectionWords.Count(all.Sum(share => share.Parameters))}[/]"),
                new Markup($"[bold]{InspectionWords.Bytes(all.Sum(share => share.ByteCount))}[/]"),
            ]);
    }

    private static IEnumerable<string> Cells(PartInspection part, ModelInspection inspection)
    {
        bool isNetwork = part.Weights.Count > 0;
        yield return $"[{(part.Error is null ? "bold" : "red")}]{Markup.Escape(InspectionWords.NameOf(part, inspection))}[/]";
        yield return Markup.Escape(part.Class);
        yield return part.Error is null ? Markup.Escape(Files(part.Files)) : "[red]cannot be read[/]";
        yield return string.Join(", ", part.Weights.Select(share => InspectionWords.Of(share.DType)));
        yield return isNetwork ? InspectionWords.Count(part.Weights.Sum(share => share.Parameters)) : "";
        yield return isNetwork ? InspectionWords.Bytes(part.Weights.Sum(share => share.ByteCount)) : "";
    }

    private static string Files(IReadOnlyList<string> files)
        => files.Count > 3 ? $"{files[0]} and {files.Count - 1} more" : string.Join(", ", files);

    private static Grid Facts(ModelReference reference, ModelInspection inspection)
    {
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        Row("reads", inspection.Description is { } reading ? InspectionWords.Reads(reading) : []);
        Row("pooled", inspection.Description is { } pooling ? InspectionWords.PooledReads(pooling) : []);
        ModelSettings settings = ModelSettings.Read(reference.Paths[0]);
        double? guidance = settings.Guidance ?? inspection.Description?.DefaultGuidance;
        string recognizer = settings.Recognizer ?? settings.RecognizerOfFirstVersion ?? "people";
        Row("sampling", inspection.Description is { OwnSampler: { } own } description ? [Sampling(own, description)] : []);
        Row("guidance", guidance is { } scale ? [FormattableString.Invariant($"{scale}")] : []);
        Row("answers", [$"words of {settings.Lexicon}, answered by {recognizer}"]);
        Row("tokenizer", InspectionWords.Tokenizers(inspection));
        Row("sampler", InspectionWords.Samplers(inspection));
        Row("assumed", inspection.Assumptions);
        Row("ignored", Ignored(inspection));
        Row("[red]wrong[/]", inspection.Errors);
        return grid;

        void Row(string name, IEnumerable<string> lines)
        {
            string text = string.Join('\n', lines.Select(Markup.Escape));
            if (text.Length > 0)
            {
                grid.AddRow(name.StartsWith('[') ? name : $"[grey]{name}[/]", text);
            }
        }
    }

    private static string Sampling(OwnSampler own, ModelDescription description)
        => Scheduler.Names.Contains(own.Scheduler)
            ? $"{own.Scheduler}, {"step".ToQuantity(own.Steps)}: the model's own, whatever a spec says"
            : $"{own.Scheduler}: the model's own, which is not supported; --scheduler must be one of "
                + string.Join(", ", description.Samplers ?? []);

    private static IEnumerable<string> Ignored(ModelInspection inspection)
    {
        IgnoredItem[] all =
        [
            .. inspection.Ignored,
            .. from part in inspection.Parts
               from item in part.Ignored
               select item with { Name = $"{InspectionWords.NameOf(part, inspection)}/{item.Name}" },
        ];
        IEnumerable<string> shown = all.Take(MostIgnored).Select(item => $"{item.Name}: {item.Reason}");
        return all.Length > MostIgnored ? shown.Append($"and {all.Length - MostIgnored} more, which --json lists") : shown;
    }
}
