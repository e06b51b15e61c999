using System.CommandLine;
using DiffusionLens;
using Experiments.Console;
using Experiments.Runs;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Cli;

/// <summary><c>lens PROMPT</c>: one sheet with an image from each layer.</summary>
internal static class LensCommand
{
    public static Command Make(Terminal terminal)
    {
        Argument<string> prompt = new("PROMPT") { Description = "Any text." };
        Option<string?> layers = new("--layers")
        {
            Description = "0,4,8, or all, or last, or 'every 4', or 'every 1/6' (counted back from the last; this if not given).",
            HelpName = "LAYERS",
        };
        Option<string> seeds = new("--seeds")
        {
            Description = "Seeds of the noise: a row of images each.",
            HelpName = "SEEDS",
            DefaultValueFactory = _ => "0",
        };
        Option<string> negative = new("--negative")
        {
            Description = "What to move away from.",
            HelpName = "TEXT",
            DefaultValueFactory = _ => "",
        };
        Option<bool> noNegative = new("--no-negative")
        {
            Description = "Give no negative prompt, where Stable Diffusion XL moves away from zeros and Qwen-Image goes unguided; "
                + "else the empty one is given.",
        };
        Option<int?> height = NumberOption.Whole("--height", "Height of an image in pixels; the model's own if not given.", "PIXELS");
        Option<int?> width = NumberOption.Whole("--width", "Width of an image in pixels; the model's own if not given.", "PIXELS");
        SiteOptions site = new();
        TextOptions text = new();
        Option<string?> image = new("--out")
        {
            Description = "The sheet to write; named after the prompt if not given.",
            HelpName = "FILE.png",
        };
        Option<string?> animation = new("--animation")
        {
            Description = "Write an animated GIF too: the layers one after another, the seeds side by side.",
            HelpName = "FILE.gif",
        };
        Option<string?> images = new("--images")
        {
            Description = "Write each image too, as a file of its own, as large as the model makes it.",
            HelpName = "FOLDER",
        };
        Option<string?> dump = new("--dump")
        {
            Description = "Write all that was computed, for use elsewhere.",
            HelpName = "FILE.safetensors",
        };
        Option<bool> profile = ProfileOption.Make();
        ModelOptions model = new();

        Command command = new DocumentedCommand(
            "lens",
            "The quickest way to the method: one sheet with an image from each layer of the text encoder.",
            new("dlens-repro lens \"a red car and a blue star\"", "writes a-red-car-and-a-blue-star.png"),
            new("dlens-repro lens \"a dog in a box\" --layers all --seeds 0,1,2", "every layer, three rows"),
            new(
                "dlens-repro lens \"a dog in a box\" --layers all --seeds 0,1,2 --animation dog.gif",
                "the same as an animation for a talk"),
            new(
                "dlens-repro lens \"a green dog\" --tokens word:dog --rest empty-final",
                "is there green in the tokens of 'dog'? All others show the empty prompt"),
            new(
                "dlens-repro lens \"a red car\" --model ~/models/sd15 --dump red-car.safetensors",
                "your own Stable Diffusion, with every tensor kept"),
            new(
                "dlens-repro lens \"a red car\" --model IF-I-XL-v1.0,IF-II-L-v1.0 --stage 1 --dtype bfloat16",
                "your own DeepFloyd IF, its small images alone"))
        {
            prompt, layers, seeds, negative, noNegative, height, width,
        };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(noNegative) && parsed.GetResult(negative) is { Implicit: false })
            {
                parsed.AddError("--no-negative beside --negative; take one of them");
            }
        });
        site.AddTo(command);
        text.AddTo(command);
        command.Add(image);
        command.Add(animation);
        command.Add(images);
        command.Add(dump);
        command.Add(profile);
        model.AddTo(command);
        command.SetAction(parsed => Profile.Around(parsed.GetValue(profile), terminal.Error, () => LensRun.Execute(
            new LensRequest
            {
                Prompt = parsed.GetRequiredValue(prompt),
                Negative = parsed.GetValue(noNegative) ? null : parsed.GetRequiredValue(negative),
                Model = model.Model(parsed),
                Sampler = model.Sampler(parsed),
                Height = parsed.GetValue(height),
                Width = parsed.GetValue(width),
                Layers = parsed.GetValue(layers) is string choice ? LayerChoiceReader.Read(choice, layers.Name) : null,
                Seeds = ListOption.Seeds(seeds.Name, parsed.GetRequiredValue(seeds))!,
                Where = site.Site(parsed),
                Text = (text.Text(parsed) with { Length = model.Length(parsed) }).Over(TextHandling.Native),
                Out = parsed.GetValue(image),
                Animation = parsed.GetValue(animation),
                Images = parsed.GetValue(images),
                Dump = parsed.GetValue(dump),
            },
            terminal)));
        return command;
    }
}
