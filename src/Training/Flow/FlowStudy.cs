namespace Training.Flow;

/// <summary>A training of the transformer.</summary>
/// <param name="Name">Its folder among the checkpoints.</param>
/// <param name="Network">What is trained; holds its starting values.</param>
/// <param name="Parts">What encodes scenes and captions.</param>
/// <param name="Frozen">Folders of the finished parts that it is trained on.</param>
internal sealed record FlowStudy(string Name, FlowNetwork Network, FlowParts Parts, IReadOnlyList<string> Frozen)
{
    /// <summary>The scale of guidance of the sheets that show how far a training is.</summary>
    public const float SheetGuidance = 4;
}
