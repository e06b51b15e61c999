using DiffusionLens;
using DiffusionLens.Families;
using DiffusionLens.Weights;
using DiffusionLens.Weights.SingleFiles;
using Experiments.Console;
using Experiments.Files;
using Experiments.Models;
using Humanizer;

namespace Experiments.Conversion;

/// <summary>Writes a model in a single file as a diffusers folder, which is there whole or not at all.</summary>
internal static class ConversionRun
{
    /// <param name="path">The single file.</param>
    /// <param name="folder">The folder to have; not there, or empty.</param>
    /// <param name="options">What the user says of the file.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <exception cref="BadInputException">The file is no model that is read, or the folder is there or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; nothing was written.</exception>
    public static void Execute(string path, string folder, SingleFileOptions? options, Terminal terminal)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException(Directory.Exists(path)
                ? $"{path}: is a folder; convert takes a model in a single file and writes a folder"
                : $"{path}: there is no such file");
        }

        AtomicFolder.RequireFree(folder);
        ModelFolder model = ModelFolder.Open(path, options);
        bool isChecked = ModelFamily.TryCheckWeights(model);
        IReadOnlyList<string> parts = Write(model, folder, terminal.Cancellation);
        Tell(model, folder, parts, isChecked, terminal.Output);
    }

    private static IReadOnlyList<string> Write(ModelFolder model, string folder, CancellationToken cancellation)
    {
        IReadOnlyList<string> parts = [];
        AtomicFolder.Write(folder, unfinished => parts = FolderWriter.Write(model, unfinished, cancellation));
        return parts;
    }

    private static void Tell(ModelFolder model, string folder, IReadOnlyList<string> parts, bool isChecked, TextWriter output)
    {
        AssumptionText.Write(model.Assumed, output);
        if (model.Ignored.Count > 0)
        {
            output.WriteLine($"{"left out",-12}"
                + string.Join("; ", model.Ignored.Select(pair => $"{"tensor".ToQuantity(pair.Value)}: {pair.Key}")));
        }

        if (!isChecked)
        {
            output.WriteLine(
                $"{"not checked",-12}a {model.PipelineClass} is not supported here: names have their places, shapes were not looked at");
        }

        output.WriteLine($"{"written",-12}{string.Join(", ", parts)}");
        output.WriteLine(folder);
    }
}
