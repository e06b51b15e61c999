using System.Text.Json;

namespace DiffusionLens.Weights.SingleFiles;

/// <summary>Which kind a file is of, and why.</summary>
/// <param name="Folder">The kind's folder, with what is known of this file.</param>
/// <param name="Assumed">What was taken for true, and why.</param>
internal sealed record KindChoice(KindFolder Folder, IReadOnlyList<Assumption> Assumed)
{
    private const string XLPipeline = "StableDiffusionXLPipeline", Pipeline = "StableDiffusionPipeline";

    /// <summary>Settles the kind by the file's signs and the user's word.</summary>
    /// <param name="file">The file.</param>
    /// <param name="signs">What its names and shapes tell.</param>
    /// <param name="asked">What the user says; null: nothing.</param>
    /// <param name="configs">The folder of configs that the user gives; null: none.</param>
    /// <exception cref="BadInputException">Signs, word and configs contradict each other, or do not tell.</exception>
    public static KindChoice Of(CheckpointFile file, CheckpointSigns signs, CheckpointKind? asked, ModelFolder? configs)
    {
        if (asked is { } word && LayoutOf(word) != signs.Text)
        {
            throw new BadInputException(
                $"--kind {word.Short()}: {file.Path} has its text encoder under {signs}, as {FamilyOf(signs.Text)} does; "
                + $"its kind is {string.Join(" or ", KindsOf(signs.Text).Select(CheckpointKindName.Short))}");
        }

        return configs is null ? OfKind(file, signs, asked) : OfConfigs(file, signs, asked, configs);
    }

    private static KindChoice OfKind(CheckpointFile file, CheckpointSigns signs, CheckpointKind? asked)
    {
        long width = signs.Text switch
        {
            TextLayout.StableDiffusion1 => 768,
            TextLayout.StableDiffusion2 => 1024,
            _ => 2048,
        };
        if (signs.ContextWidth != width)
        {
            throw new BadInputException(
                $"{file.Path}: has its text encoder under {signs}, as {FamilyOf(signs.Text)} does, but its UNet reads text of width "
                + $"{signs.ContextWidth?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}, not {width}; "
                + SingleFilePart.ShapeAdvice);
        }

        PredictionSign? sign = PredictionSign.Of(file);
        string told = $"{signs}, text of width {width}";
        bool hasZeroSnr = file.Tensors.ContainsKey(IgnoredTensors.ZeroSnr);
        if (signs.Text == TextLayout.StableDiffusion2)
        {
            CheckpointKind kind = asked
                ?? (sign is null ? throw Ask(file) : sign.IsV ? CheckpointKind.StableDiffusion2V : CheckpointKind.StableDiffusion2);
            bool isV = kind == CheckpointKind.StableDiffusion2V;
            return new KindChoice(
                new KindFolder(kind, HasZeroSnr: hasZeroSnr),
                [Kind(kind, asked is null ? told : "--kind"), Prediction(isV, asked is null ? sign!.Source : $"--kind {kind.Short()}")]);
        }

        CheckpointKind only = KindsOf(signs.Text)[0];
        return new KindChoice(
            new KindFolder(only, sign?.IsV == true, hasZeroSnr),
            [Kind(only, asked is null ? told : "--kind"), Prediction(sign?.IsV == true, sign?.Source ?? $"as {only.Long()} has it")]);
    }

    private static KindChoice OfConfigs(CheckpointFile file, CheckpointSigns signs, CheckpointKind? asked, ModelFolder configs)
    {
        string right = signs.Text == TextLayout.StableDiffusionXL ? XLPipeline : Pipeline;
        if (configs.PipelineClass != right)
        {
            throw new BadInputException(
                $"--config {configs.Path}: is the folder of a {configs.PipelineClass}; {file.Path} has its text encoder under {signs}, "
                + $"and so is a {right}");
        }

        string prediction = configs.Config("scheduler").TryGetProperty("prediction_type", out JsonElement type)
            && type.ValueKind == JsonValueKind.String ? type.GetString()! : "epsilon";
        CheckpointKind kind = KindsOf(signs.Text)[^1] is CheckpointKind.StableDiffusion2V && prediction == "epsilon"
            ? CheckpointKind.StableDiffusion2
            : KindsOf(signs.Text)[^1];
        return asked is { } word && word != kind
            ? throw new BadInputException(
                $"--kind {word.Short()}: the scheduler in --config {configs.Path} says that the prediction is {prediction}, as of "
                + $"{kind.Short()}; give one of the two")
            : new KindChoice(
                new KindFolder(kind),
                [
                    new Assumption("configs", configs.Path, "--config"),
                    new Assumption("prediction type", prediction, configs.ConfigPath("scheduler")),
                ]);
    }

    private static BadInputException Ask(CheckpointFile file) => new(
        $"{file.Path}: is of Stable Diffusion 2.x, and nothing in it tells what it predicts; give --kind sd2 (the noise: base models, 512) "
        + "or --kind sd2-v (v: the 768 models), as its page or its .yaml says: the wrong one makes noise of every image");

    private static Assumption Kind(CheckpointKind kind, string source) => new("kind", $"{kind.Short()} ({kind.Long()})", source);

    private static Assumption Prediction(bool isV, string source) => new("prediction type", isV ? "v_prediction" : "epsilon", source);

    private static TextLayout LayoutOf(CheckpointKind kind) => kind switch
    {
        CheckpointKind.StableDiffusion1 => TextLayout.StableDiffusion1,
        CheckpointKind.StableDiffusionXL => TextLayout.StableDiffusionXL,
        _ => TextLayout.StableDiffusion2,
    };

    private static CheckpointKind[] KindsOf(TextLayout layout)
        => [.. Enum.GetValues<CheckpointKind>().Where(kind => LayoutOf(kind) == layout)];

    private static string FamilyOf(TextLayout layout) => layout switch
    {
        TextLayout.StableDiffusion1 => "Stable Diffusion 1.x",
        TextLayout.StableDiffusion2 => "Stable Diffusion 2.x",
        _ => "Stable Diffusion XL",
    };
}
