using System.CommandLine;
using Experiments.Console;
using Experiments.Conversion;

namespace Experiments.Cli;

/// <summary><c>convert FILE FOLDER</c>: a model in a single file as a diffusers folder.</summary>
internal static class ConvertCommand
{
    public static Command Make(Terminal terminal)
    {
        Argument<string> file = new("FILE")
        {
            Description = "A .safetensors of Stable Diffusion 1.x, 2.x or XL in CompVis' layout, as most finetunes are published.",
        };
        Argument<string> folder = new("FOLDER") { Description = "The folder to write; whole or not at all." };
        SingleFileChoice choice = new();
        Command command = new DocumentedCommand(
            "convert",
            "Writes a model in a single file as a diffusers folder, in the types that it has. --model takes such files as they are, too.",
            new("dlens-repro convert v1-5-pruned.safetensors sd15", "also says what the file leaves open, and what was taken instead"),
            new("dlens-repro convert v2-1_768.safetensors sd21 --kind sd2-v", "no file of 2.x tells what it predicts"))
        {
            file, folder,
        };
        choice.AddTo(command);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            ConversionRun.Execute(path, parsed.GetRequiredValue(folder), choice.Of(parsed, path), terminal);
        });
        return command;
    }
}
