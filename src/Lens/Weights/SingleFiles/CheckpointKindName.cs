namespace DiffusionLens.Weights.SingleFiles;

/// <summary>What kinds are called on a command line, and what people call them.</summary>
internal static class CheckpointKindName
{
    private static readonly CheckpointKind[] Kinds = Enum.GetValues<CheckpointKind>();

    /// <summary>The short names, in the order of the kinds.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Kinds.Select(Short)];

    public static CheckpointKind Parse(string name) => Kinds.First(kind => kind.Short() == name);

    public static string Short(this CheckpointKind kind) => kind switch
    {
        CheckpointKind.StableDiffusion1 => "sd1",
        CheckpointKind.StableDiffusion2 => "sd2",
        CheckpointKind.StableDiffusion2V => "sd2-v",
        _ => "sdxl",
    };

    public static string Long(this CheckpointKind kind) => kind switch
    {
        CheckpointKind.StableDiffusion1 => "Stable Diffusion 1.x",
        CheckpointKind.StableDiffusion2 => "Stable Diffusion 2.x base",
        CheckpointKind.StableDiffusion2V => "Stable Diffusion 2.x v",
        _ => "Stable Diffusion XL",
    };
}
